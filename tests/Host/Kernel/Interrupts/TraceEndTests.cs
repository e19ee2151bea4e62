using Skerry.Abi;
using Skerry.Kernel;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A trace ends in the midst of an entry that the traced door has noted. Each protection domain's tables map those notes, and
/// the door by which the CPU comes in from then on does not clear them.
/// </summary>
public sealed unsafe class TraceEndTests
{
    [Fact]
    public void NothingOfTheLastEntryIsLeft()
    {
        var world = new World(1);
        uint ring = world.Make(ObjectType.Frame, pages: 2);
        Cpu* cpu = world.Cpu(0);
        Assert.Equal(Status.Ok, world.Invoke(0, World.FirstCpuControl, (ulong)CpuControlOperation.StartTrace, ring));
        cpu->Trace.Start = 1;
        cpu->Trace.Kind = 2;
        cpu->Trace.Code = 3;
        cpu->Trace.Info = 4;
        cpu->Trace.Object = 5;
        cpu->Trace.Thread = 6;
        cpu->Trace.Cookie = 7;
        Assert.Equal(Status.Ok, world.Invoke(0, World.FirstCpuControl, (ulong)CpuControlOperation.StopTrace));
        ref Skerry.Kernel.Tracing.TraceState trace = ref cpu->Trace;
        ulong left = trace.Start | trace.Kind | trace.Code | trace.Info | trace.Object | trace.Thread | trace.Cookie;
        Assert.Equal(0ul, left);
    }
}
