namespace Skerry.Boot.Clocks;

/// <summary>The counters of the machine, or of one that a test plays.</summary>
public interface IClockHardware
{
    ulong ReadTimeStampCounter();

    ulong Read(ReferenceClock clock);

    void StartApicTimer();

    /// <summary>Ticks since its start; the largest number is all that it can count.</summary>
    uint ReadApicTimer();
}
