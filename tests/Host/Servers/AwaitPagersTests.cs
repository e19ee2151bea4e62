using System;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Objects;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>Whoever destroys a thread or a domain waits until no pager is at a fault of it, and for nothing else.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class AwaitPagersTests : IDisposable
{
    private const uint Cpus = 2;
    private const uint FirstPager = 100;
    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));

    public AwaitPagersTests()
    {
        _server->CpuCount = Cpus;
        for (uint i = 0; i < Cpus; i++)
        {
            _server->Cpus[(int)i].PagerThread = new ThreadCapability(new CapabilitySlot(FirstPager + i));
        }
    }

    public void Dispose()
    {
        SystemCalls.Double = null;
        NativeMemory.Free(_server);
    }

    /// <summary>Others fault all the time, so that the pager is never seen to wait. The first that it begins with may be the old one.</summary>
    [Theory]
    [InlineData(ThreadState.Running)]
    [InlineData(ThreadState.Ready)]
    [InlineData(ThreadState.AwaitingReply)]
    public void APagerThatNeverRestsIsWaitedForTwice(ThreadState state)
    {
        var kernel = new Pagers(_server, _ => state, begins: true);
        SystemCalls.Double = kernel;

        ProtectionDomains.AwaitPagers(_server);

        Assert.Equal(2 * Cpus, kernel.Looks);
    }

    /// <summary>It is at one fault for long: one that it may have had before.</summary>
    [Theory]
    [InlineData(ThreadState.Running)]
    [InlineData(ThreadState.Ready)]
    [InlineData(ThreadState.Faulted)]
    [InlineData(ThreadState.AwaitingReply)]
    public void APagerIsWaitedForUntilItReceives(ThreadState state)
    {
        var kernel = new Pagers(_server, look => look < 5 ? state : ThreadState.Receiving, begins: false);
        SystemCalls.Double = kernel;

        ProtectionDomains.AwaitPagers(_server);

        Assert.Equal(5 + Cpus, kernel.Looks);
    }

    /// <summary>Pagers that are in a state at each look; they begin with a fault at each, or never.</summary>
    private sealed class Pagers(Server* server, Func<uint, ThreadState> stateAt, bool begins) : IKernelDouble
    {
        private readonly Server* _server = server;

        public uint Looks { get; private set; }

        public Status Trap(ref SystemCallFrame frame)
        {
            if (new MessageInfo(frame.Info).Label != (ulong)ThreadOperation.ReadRegisters)
            {
                return Status.Ok;
            }
            Assert.InRange(Looks, 0u, 100u);
            _server->Cpus[(int)(frame.Address - FirstPager)].FaultsTaken += begins ? 1u : 0u;
            frame.Word3 = (ulong)stateAt(Looks++);
            return Status.Ok;
        }
    }
}
