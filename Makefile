# Two commands on a fresh machine with Python 3.11+ and make:  make run   make test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Outside this project's own mirrors, "make TORCH_INDEX=https://download.pytorch.org/whl/cpu …" takes the small CPU build of torch.
TORCH_INDEX ?=
PIP_EXTRA := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX),)
# Test files are shared out between so many processes; 0: none beside pytest itself.
WORKERS ?= 2
SOURCES := bot config evaluation index_builder knowledge tests

# Tests start the program a hundred times: let Python keep what it has compiled, whatever the machine's setting.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint format index check eval gate bench pictures train clean

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11)' || \
	  { echo 'Cần Python 3.11 trở lên kèm venv. Debian, Ubuntu: sudo apt-get install python3-venv; có bản khác thì: make PYTHON=python3.12 run'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_EXTRA) -c constraints.txt -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_EXTRA) -c constraints.txt -e '.[dev]'
	touch $@

# With "-": data with an error must not keep the bot from starting on its last good index.
run: $(VENV)/installed
	-$(BIN)/python -m index_builder build
	$(BIN)/python -m bot serve

index: $(VENV)/installed
	$(BIN)/python -m index_builder build

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

check: $(VENV)/installed
	$(BIN)/python -m index_builder check

eval: $(VENV)/installed-dev index
	$(BIN)/python -m evaluation

gate: $(VENV)/installed-dev index
	$(BIN)/python -m evaluation gate

bench: $(VENV)/installed-dev index
	$(BIN)/python -m evaluation bench

pictures: $(VENV)/installed-dev index
	$(BIN)/python -m evaluation.pictures

train: $(VENV)/installed
	$(BIN)/python -m index_builder train $(CORPORA)

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache
