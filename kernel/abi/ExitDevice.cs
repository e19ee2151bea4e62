namespace Skerry.Abi;

/// <summary>QEMU's isa-debug-exit as <c>skerry</c> sets it up; on a machine without it nobody listens there.</summary>
public static class ExitDevice
{
    /// <summary>What is written there ends QEMU: an <see cref="ExitCode"/>.</summary>
    public const ushort Port = 0xf4;

    public const ushort PortCount = 4;
}
