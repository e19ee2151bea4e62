using Skerry.Stubs.Assembly;

namespace Skerry.Stubs.Kernel;

/// <summary>The stubs of the kernel.</summary>
internal static class KernelStubs
{
    public static void Write(StubFile file) { }
}
