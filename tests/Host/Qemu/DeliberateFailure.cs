using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Fails when it is asked for by name, so that a failure can be followed to reports and exit codes.</summary>
public sealed class DeliberateFailure
{
    [Fact(Explicit = true)]
    public void Fails() => Assert.Fail("as it should");
}
