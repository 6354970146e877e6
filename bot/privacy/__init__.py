"""Personal data in what people write: found, and masked before it is stored."""
