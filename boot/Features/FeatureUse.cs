namespace Skerry.Boot.Features;

/// <summary>What the images want of a feature.</summary>
public enum FeatureUse
{
    /// <summary>They use it unasked.</summary>
    Required,

    /// <summary>The same, but not all processors name it outside 64-bit mode (Intel SDM vol. 2A, CPUID).</summary>
    RequiredInLongMode,

    /// <summary>They use it if the boot CPU has it; then all other CPUs must have it too.</summary>
    UsedIfThere,
}
