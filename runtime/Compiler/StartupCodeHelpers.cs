using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Helpers that ilc's scanner roots by name. Nothing on the target makes transitions to unmanaged code.</summary>
internal static class StartupCodeHelpers
{
    [RuntimeExport("RhpReversePInvoke")]
    private static void RhpReversePInvoke(nint frame) { }

    [RuntimeExport("RhpReversePInvokeReturn")]
    private static void RhpReversePInvokeReturn(nint frame) { }

    [RuntimeExport("RhpPInvoke")]
    private static void RhpPInvoke(nint frame) { }

    [RuntimeExport("RhpPInvokeReturn")]
    private static void RhpPInvokeReturn(nint frame) { }

    [RuntimeExport("RhpFallbackFailFast")]
    private static void RhpFallbackFailFast() => ThrowHelpers.ThrowInvalidProgramException(0);
}
