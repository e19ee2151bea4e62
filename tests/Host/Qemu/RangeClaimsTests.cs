using System.Linq;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Physical memory is claimed once: a second claim says who has it, and where that stands.</summary>
public sealed class RangeClaimsTests
{
    private const string Child = "{\"name\": \"a\", \"binary\": \"a\", \"essential\": true}";
    private const string First = "{\"start\": \"64M\", \"size\": \"8M\"}";

    [Theory]
    [InlineData("{\"start\": \"64M\", \"size\": \"8M\"}", "8M from 0x4000000 on")]
    [InlineData("{\"start\": \"71M\", \"size\": \"8M\"}", "1M from 0x4700000 on")]
    [InlineData("{\"start\": \"60M\", \"size\": \"6M\"}", "2M from 0x4000000 on")]
    [InlineData("{\"start\": \"66M\", \"size\": \"4K\"}", "4K from 0x4200000 on")]
    [InlineData("{\"start\": \"0\", \"size\": \"1G\"}", "8M from 0x4000000 on")]
    public void WhatIsClaimedTwiceIsRefused(string second, string common)
    {
        Assert.Equal(
            $"system.json(2,1): error SK0209: \"w\" claims {common}, which \"v\" claims in line 1, column 65",
            Refusal($"{Vcore("v", First)}, {Vcore("w", "\n" + second)}")
        );
        Assert.Equal(
            $"system.json(2,1): error SK0209: \"v\" claims {common} twice: here and in line 1, column 65",
            Refusal(Vcore("v", $"{First},\n{second}"))
        );
    }

    [Theory]
    [InlineData("{\"start\": \"72M\", \"size\": \"8M\"}")]
    [InlineData("{\"start\": \"56M\", \"size\": \"8M\"}")]
    [InlineData("{\"node\": 0, \"size\": \"8M\"}")]
    [InlineData("{\"node\": \"local\", \"size\": \"8M\"}")]
    public void NeighboursAreNone(string second)
    {
        Assert.Equal(2, TestFiles.System(System($"{Vcore("v", First)}, {Vcore("w", second)}")).Vcores.Count);
        Assert.Single(TestFiles.System(System(Vcore("v", $"{First}, {second}"))).Vcores);
    }

    /// <summary>What stands in for a start that was refused lies nowhere.</summary>
    [Fact]
    public void AMistakeIsNotToldTwice() =>
        Assert.Contains(
            "\"start\" must be an amount of memory",
            Refusal(Vcore("v", "{\"start\": \"0\", \"size\": \"8M\"}, {\"start\": \"x\", \"size\": \"8M\"}"))
        );

    private static string System(string vcores) => $"{{\"vcores\": [{vcores}], \"children\": [{Child}]}}";

    private static string Vcore(string name, string memory) =>
        $"{{\"name\": \"{name}\", \"cpus\": {{\"clusters\": [1]}}, \"memory\": [{memory}]}}";

    private static string Refusal(string vcores) =>
        Assert.Single(Assert.Throws<BadInputException>(() => TestFiles.System(System(vcores))).Diagnostics).ToString();
}
