using System;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Faults;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>What becomes of faulters that are not told to go on.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class PagerTests : IDisposable
{
    private const int Bookkeeping = 1 << 16;
    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Bookkeeping, (nuint)UserLayout.PageSize);

    public PagerTests()
    {
        NativeMemory.Clear(_memory, Bookkeeping);
        _server->Memory = new ServerMemory(_memory, Bookkeeping);
        Assert.True(_server->Objects.Initialise(&_server->Memory));
        _server->OwnRecords.OpenOwn(&_server->Memory);
        _server->OwnObjects.Records = &_server->OwnRecords;
        _server->CallerRecords = new Slab<HeldCaller>(&_server->Memory);
        _server->Callers.Initialise(_server);
        _server->CpuCount = 1;
        SessionEntrypoint.Instance = _server;
    }

    public void Dispose()
    {
        SystemCalls.Double = null;
        SessionEntrypoint.Instance = null;
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_server);
    }

    /// <summary>A thread that a server below made itself may fault when the handle of its domain has gone.</summary>
    [Fact]
    public void AFaultOfADomainThatHasGoneKeepsNobody()
    {
        ulong gone = ObjectHandle.Of(ObjectKind.ProtectionDomain, 7, 3).Value;
        var faults = new Faults(gone);
        SystemCalls.Double = faults;

        Pager.Run(0);

        Assert.True(faults.IsAnswered);
    }

    /// <summary>A thread that a server below made itself crashes: its Reply object is not lost.</summary>
    [Fact]
    public void AThreadWithoutARecordIsHeldForItsChild()
    {
        var child = (Child*)NativeMemory.AllocZeroed((nuint)sizeof(Child));
        var pd = (ProtectionDomain*)NativeMemory.AllocZeroed((nuint)sizeof(ProtectionDomain));
        pd->Child = child;
        ulong handle = _server->Objects.Add(&_server->OwnObjects, ObjectKind.ProtectionDomain, pd).Value;
        HeldCaller* bound = _server->Callers.TryAdopt(new CapabilitySlot(100), 0);
        _server->Cpus[0].PagerCaller = bound;
        AddFree(101);
        SystemCalls.Double = new Faults(handle, FaultLabel.Exception);

        Pager.Run(0);

        Assert.Equal(ChildState.Crashed, child->State);
        Assert.True(child->Held.TakeAll() == bound);
        NativeMemory.Free(pd);
        NativeMemory.Free(child);
    }

    /// <summary>It was paused in its crash and has gone on: nothing of the one before is kept.</summary>
    [Fact]
    public void WhoCrashesAgainIsHeldOnce()
    {
        var pd = (ProtectionDomain*)NativeMemory.AllocZeroed((nuint)sizeof(ProtectionDomain));
        var record = (ThreadRecord*)NativeMemory.AllocZeroed((nuint)sizeof(ThreadRecord));
        pd->Handles.Records = &_server->OwnRecords;
        ulong handle = _server->Objects.Add(&_server->OwnObjects, ObjectKind.ProtectionDomain, pd).Value;
        ulong thread = _server->Objects.Add(&pd->Handles, ObjectKind.Thread, record).Value;
        _server->Cpus[0].PagerCaller = _server->Callers.TryAdopt(new CapabilitySlot(100), 0);
        for (uint i = 1; i <= 2; i++)
        {
            // One more than there may be holders at a time: without any, the second would be held by none.
            AddFree(100 + i);
        }
        for (int i = 0; i < 5; i++)
        {
            SystemCalls.Double = new Faults(handle, FaultLabel.Exception) { Thread = thread };
            Pager.Run(0);
            Assert.True(record->Crashed != null);
        }
        NativeMemory.Free(record);
        NativeMemory.Free(pd);
    }

    private void AddFree(uint reply)
    {
        SystemCalls.Double = new Faults(0);
        _server->Callers.Answer(_server->Callers.TryAdopt(new CapabilitySlot(reply), 0), HeldAnswer.Again);
    }

    /// <summary>One fault, then the endpoint is gone.</summary>
    private sealed class Faults(ulong domain, FaultLabel label = FaultLabel.Page) : IKernelDouble
    {
        private bool _isTold;

        /// <summary>The cookie of the faulter.</summary>
        public ulong Thread { get; init; }

        /// <summary>The faulter was let go on: a Reply object that still holds it would let nobody receive.</summary>
        public bool IsAnswered { get; private set; }

        public Status Trap(ref SystemCallFrame frame)
        {
            if ((SystemCall)frame.Number is not (SystemCall.Recv or SystemCall.ReplyRecv))
            {
                return Status.Ok;
            }
            IsAnswered |= (SystemCall)frame.Number == SystemCall.ReplyRecv;
            if (_isTold)
            {
                return Status.InvalidCapability;
            }
            _isTold = true;
            frame.Address = domain;
            frame.Word3 = Thread;
            frame.Info = MessageInfo.Of((ulong)label, 4).Value;
            return Status.Ok;
        }
    }
}
