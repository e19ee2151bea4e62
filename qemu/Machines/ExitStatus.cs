namespace Skerry.Qemu.Machines;

/// <summary>How a run ended; the host tool's own exit status.</summary>
public enum ExitStatus
{
    Success = 0,
    TestFailure = 1,

    /// <summary>A file or argument that a person gave is refused.</summary>
    BadInput = 2,

    /// <summary>A kernel instance gave up, or the machine reset itself.</summary>
    KernelPanic = 3,

    ComponentFailure = 4,

    BootFailure = 5,

    TimeOut = 6,

    /// <summary>QEMU could not be started, or ended by itself.</summary>
    QemuFailure = 7,

    /// <summary>A signal from outside ended QEMU or this program: nothing is known of the system that ran.</summary>
    Interrupted = 8,

    /// <summary>The host's disk was full in the middle of a run, which was ended.</summary>
    DiskFull = 9,
}
