// In the kernel's files a thread is the kernel's; the host's library has one of its own.
global using Thread = Skerry.Kernel.Objects.Thread;
global using ThreadState = Skerry.Abi.ThreadState;
