using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Faults;
using Skerry.Base.Servers.Services;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>A keeper that can't do what it is there for.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class KeeperTests : IDisposable
{
    private static readonly ThreadCapability _session = new(new CapabilitySlot(100));
    private static readonly EndpointCapability _timeouts = new(new CapabilitySlot(101));
    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));

    public KeeperTests()
    {
        _server->CpuCount = 1;
        _server->Cpus[0].SessionThread = _session;
        _server->Cpus[0].Timeouts = _timeouts;
        SessionEntrypoint.Instance = _server;
    }

    public void Dispose()
    {
        SystemCalls.Double = null;
        SessionEntrypoint.Instance = null;
        NativeMemory.Free(_server);
    }

    /// <summary>
    /// The server's time was taken from it. The thread is not told to go on, as it would time out at once; and not held either, as
    /// the keeper could not receive.
    /// </summary>
    [Fact]
    public void AThreadThatCantGoOnKeepsNobodyFromBeingHeard()
    {
        var kernel = new NoTime();
        SystemCalls.Double = kernel;

        Keeper.Run(0);

        Assert.Equal([_session.Slot.Value], kernel.Suspended);
    }

    /// <summary>One timeout; the thread stays in the Reply object until it is suspended or answered. Then the endpoint is gone.</summary>
    private sealed class NoTime : IKernelDouble
    {
        private int _received;
        private bool _isHeld;

        public List<uint> Suspended { get; } = [];

        public Status Trap(ref SystemCallFrame frame)
        {
            var operation = (ThreadOperation)new MessageInfo(frame.Info).Label;
            switch ((SystemCall)frame.Number)
            {
                case SystemCall.Recv:
                    return Receive(ref frame);
                case SystemCall.Invoke when operation == ThreadOperation.SetScheduling:
                    return Status.InvalidCapability;
                case SystemCall.Invoke when operation == ThreadOperation.Suspend:
                    Suspended.Add((uint)frame.Address);
                    _isHeld = false;
                    return Status.Ok;
                default:
                    return Status.Ok;
            }
        }

        private Status Receive(ref SystemCallFrame frame)
        {
            Assert.InRange(_received++, 0, 10);
            if (_isHeld)
            {
                return Status.InvalidState;
            }
            if (_received != 1)
            {
                return Status.InvalidCapability;
            }
            _isHeld = true;
            frame.Info = MessageInfo.Of((ulong)FaultLabel.Timeout, 4).Value;
            frame.Word3 = Keeper.SessionCookie;
            return Status.Ok;
        }
    }
}
