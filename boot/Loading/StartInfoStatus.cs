namespace Skerry.Boot.Loading;

/// <summary>What lies where the loader's start info should.</summary>
public enum StartInfoStatus : byte
{
    Valid,

    /// <summary>Something that the protocol does not know.</summary>
    Missing,

    /// <summary>
    /// Text: QEMU's loader (pc-bios/optionrom/pvh_main.c) has 4,096 bytes for the command line, does not ask how long it
    /// is, and has its start info behind them.
    /// </summary>
    UnderCommandLine,
}
