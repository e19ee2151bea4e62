using System;

namespace Skerry.Abi;

/// <summary>How a device signals on its line; none of them: edge-triggered, active high.</summary>
[Flags]
public enum InterruptFlags : ulong
{
    None = 0,

    /// <summary>The line stays asserted until the device is served.</summary>
    Level = 1,

    /// <summary>The line is asserted when low.</summary>
    ActiveLow = 2,
    All = Level | ActiveLow,
}
