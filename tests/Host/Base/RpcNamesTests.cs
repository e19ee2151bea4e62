using System;
using System.Linq;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Parameters and methods of an RPC interface under every name that generated code or C# has a use for.</summary>
public sealed class RpcNamesTests
{
    private const string Full =
        "[MaximumLength(8)] ReadOnlySpan<byte> text9, [MaximumLength(8)] Span<byte> buffer9, out Large large9";

    private static readonly Lazy<RpcNames> _parameters = new(() =>
        new RpcNames(name =>
            $$"""
                [RpcInterface] public interface IThing
                {
                    R In(int @{{name}});
                    R Out(out R @{{name}});
                    R Long(int @{{name}}, {{Full}});
                    R LongOut(out R @{{name}}, {{Full}});
                    R Text([MaximumLength(8)] ReadOnlySpan<byte> @{{name}});
                    R Buffer([MaximumLength(8)] Span<byte> @{{name}});
                }
                """
        )
    );

    private static readonly Lazy<RpcNames> _methods = new(() =>
        new RpcNames(name =>
            $"[RpcInterface] public interface IThing {{ R @{name}(int i, out R r); R Other(Large large); }}"
        )
    );

    public static TheoryData<string> Names => [.. RpcNames.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void AParameterMayHaveAnyName(string name)
    {
        Assert.Empty(_parameters.Value.Told(name));
        Assert.Empty(_parameters.Value.Complaints(name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AMethodHasAnyNameOrIsRefused(string name)
    {
        string[] told = [.. _methods.Value.Told(name).Select(static d => d.Id)];
        if (told.Length == 0)
        {
            Assert.Empty(_methods.Value.Complaints(name));
        }
        else
        {
            Assert.Equal(["SKRPC011"], told);
        }
    }
}
