package datapath

// The program is compiled for each of the kernel's two hooks. The directories of headers are Debian's, of either machine
// that this is built on.
//go:generate go tool bpf2go -tags linux -target bpfel -type instant -type reason forward bpf/upf.c -- -O2 -g -Wall -Werror -mcpu=v3 -idirafter /usr/include/x86_64-linux-gnu -idirafter /usr/include/aarch64-linux-gnu
//go:generate go tool bpf2go -tags linux -target bpfel -no-global-types control bpf/upf.c -- -O2 -g -Wall -Werror -mcpu=v3 -DTRAFFIC_CONTROL -idirafter /usr/include/x86_64-linux-gnu -idirafter /usr/include/aarch64-linux-gnu
