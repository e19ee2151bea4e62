namespace Skerry.Kernel.Layout;

/// <summary>
/// Interrupt vectors. The kernel's own, all but <see cref="RequestAgain"/>, stand in one word of the local APIC's
/// request register.
/// </summary>
public static class Vectors
{
    public const int DivideError = 0;
    public const int Debug = 1;
    public const int NonMaskable = 2;
    public const int DoubleFault = 8;
    public const int GeneralProtection = 13;
    public const int PageFault = 14;
    public const int MachineCheck = 18;
    public const int FirstInterrupt = 32;

    /// <summary>
    /// To itself: this CPU left its requests unserved, as another interrupt came while it waited for the cluster lock. Of
    /// the lowest priority, so that it comes behind that one.
    /// </summary>
    public const int RequestAgain = 0x20;

    /// <summary>Interrupts of devices: each CPU has its own handlers for these.</summary>
    public const int FirstDevice = 0x30;
    public const int LastDevice = 0xef;
    public const int DeviceCount = LastDevice - FirstDevice + 1;

    public const int Timer = 0xf0;

    /// <summary>Another CPU of the cluster has put something into this CPU's request lists.</summary>
    public const int Request = 0xf1;

    /// <summary>Another cluster rings.</summary>
    public const int Doorbell = 0xf2;

    /// <summary>Another CPU of the cluster wants this one to stand still, or to flush its TLB.</summary>
    public const int Rendezvous = 0xf3;
    public const int Spurious = 0xff;
    public const int Count = 256;
}
