namespace Skerry.Apps.KernelBench;

/// <summary>What is assembled (Measured), by the names that the program calls it by.</summary>
public static class MeasureEntryPoints
{
    public const string MeasureClient = nameof(MeasureClient);
    public const string MeasureEcho = nameof(MeasureEcho);
    public const string MeasureEchoWords = nameof(MeasureEchoWords);
    public const string MeasureFaulter = nameof(MeasureFaulter);
    public const string MeasureForward = nameof(MeasureForward);
    public const string MeasureMigrant = nameof(MeasureMigrant);
    public const string MeasurePager = nameof(MeasurePager);
    public const string MeasurePartner = nameof(MeasurePartner);
    public const string MeasureRefilled = nameof(MeasureRefilled);
    public const string MeasureSpinner = nameof(MeasureSpinner);
    public const string MeasureStub = nameof(MeasureStub);
    public const string MeasureTimedEcho = nameof(MeasureTimedEcho);
    public const string MeasureTimedEchoWords = nameof(MeasureTimedEchoWords);
    public const string MeasureTimedPager = nameof(MeasureTimedPager);
    public const string MeasureWaiter = nameof(MeasureWaiter);
}
