namespace Skerry.Abi;

/// <summary>
/// What is written to QEMU's isa-debug-exit port when the system ends; QEMU's own exit status is (value &lt;&lt; 1) | 1.
/// </summary>
public enum ExitCode : byte
{
    Success = 0x10,
    KernelPanic = 0x11,
    ComponentFailure = 0x12,
    TestFailure = 0x13,
    BootFailure = 0x14,
}
