using Skerry.Stubs.Assembly;

namespace Skerry.Stubs.Boot;

/// <summary>The stubs of the bootstrap program.</summary>
internal static class BootStubs
{
    public static void Write(StubFile file) { }
}
