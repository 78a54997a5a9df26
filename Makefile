# Two commands need nothing but Go: `make demo` and `make test`. CI runs `make check`.
GO      ?= go
T       ?= 30s
BENCH   ?= .
COUNT   ?= 1
BENCHTIME ?= 500ms

.PHONY: build demo test check fmt vet lint generate race fuzz fuzz-smoke bench vuln

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/cordon ./cmd/cordon

demo: build
	bin/cordon demo $(ARGS)

test:
	$(GO) test -timeout 20m ./...

check: fmt vet lint generate race fuzz-smoke

fmt:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }

vet:
	$(GO) vet ./...

lint:
	$(GO) tool staticcheck ./...

generate: # needs clang 14, llvm-strip and libbpf's headers, as Debian has them: the object is the same on every machine
	BPF2GO_CC=clang-14 BPF2GO_STRIP=llvm-strip-14 $(GO) generate ./datapath
	git diff --exit-code -- datapath/forward_bpfel.go datapath/forward_bpfel.o datapath/control_bpfel.go datapath/control_bpfel.o

race: # needs a C compiler, as the race detector does; -short leaves out the load tests, which `make test` runs
	$(GO) test -race -short -shuffle=on -timeout 20m ./...

fuzz: # every target there is, found rather than listed; T=10m for longer
	@set -eu; found=0; for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz' || :); do \
	    found=1; echo "$$p $$f"; \
	    $(GO) test $$p -run '^$$' -fuzz "^$$f\$$" -fuzztime $(T) -fuzzminimizetime 10x; done; done; \
	test $$found = 1 || { echo "no fuzz target found"; exit 1; }

fuzz-smoke:
	@$(MAKE) --no-print-directory fuzz T=2000x

bench: # BENCH=regexp chooses, COUNT=5 repeats; docs/benchmarks.md explains
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -count $(COUNT) -timeout 60m \
	  $$(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -n1 dirname | sort -u)

vuln: # needs the network: the tool, and the vulnerability database of the Go project
	$(GO) run golang.org/x/vuln/cmd/govulncheck@latest ./...
