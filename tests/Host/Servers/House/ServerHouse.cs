using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Faults;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Skerry.Qemu.Configuration;
using Skerry.Tests.Host.Boot;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>
/// A whole server, of one CPU as a rule, with its entrypoints, its accounts, and children that come and go, over a kernel that keeps
/// capabilities (<see cref="LedgerKernel"/>). Messages come in as the kernel delivers them.
/// </summary>
internal sealed unsafe class ServerHouse : IDisposable
{
    /// <summary>Asks the provider for sessions.</summary>
    public const int Client = 0;

    /// <summary>Announces "Odd".</summary>
    public const int Provider = 1;

    /// <summary>A server itself: it may claim memory and have faults forwarded.</summary>
    public const int Lower = 2;
    public const int ChildCount = 3;
    private const int TableBits = 10;
    private const int MemoryBits = 24;
    private const uint FirstPoolSlot = 2048;
    private const uint FirstReply = 200_000;
    private const uint Callers = 2000;

    /// <summary>That hold callers: an entrypoint and a pager.</summary>
    private const uint ThreadsOfCpu = 2;

    /// <summary>Slots of what each CPU has, and behind them those that all have in common.</summary>
    private const uint FirstOfCpu = 1024;
    private const uint SlotsOfCpu = 6;
    private const uint FirstInCommon = 1090;
    private static readonly Resources _each = new(1 << 20, 300);
    private static readonly byte[] _configuration = SystemWriter.Write(
        TestFiles.System(
            """
            { "children": [
              { "name": "client", "binary": "x", "essential": true, "trace": true,
                "routes": [{ "service": "Odd", "to": "child:provider" }, { "to": "parent" }] },
              { "name": "provider", "binary": "x", "provides": ["Odd"],
                "routes": [{ "service": "Even", "to": "child:lower" }, { "to": "parent" }] },
              { "name": "lower", "binary": "x", "provides": ["Even"], "trace": true } ] }
            """
        )
    );

    /// <summary>Bytes of what records of children are shown in: one for each, and one for a child that is refused.</summary>
    private const nuint Windows = (ChildCount + 1) * RecordPool.MaximumPages * (nuint)UserLayout.PageSize;

    /// <summary>Bytes of what a program is written through: its largest segment, and a page.</summary>
    private const nuint Scratch = 8 * (nuint)UserLayout.PageSize;
    private static readonly byte[] _program = ElfMaker.MakeWhole(UserLayout.ImageBase);
    private readonly byte* _scratch = (byte*)NativeMemory.AlignedAlloc(Scratch, (nuint)UserLayout.PageSize);
    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));
    private readonly byte* _memory;
    private readonly byte* _text;
    private readonly byte* _windows = (byte*)NativeMemory.AlignedAlloc(Windows, (nuint)UserLayout.PageSize);
    private readonly uint _cpus;
    private readonly Child*[] _children = new Child*[ChildCount];

    /// <param name="bookkeepingPages">Memory for records.</param>
    /// <param name="slots">Of its table, besides those for messages.</param>
    /// <param name="isVcore">Whether it has a parent, whose dataspaces its children may attach.</param>
    /// <param name="cpus">How many it has.</param>
    public ServerHouse(int bookkeepingPages = 4096, uint slots = 8192, bool isVcore = false, uint cpus = 1)
    {
        _cpus = cpus;
        Kernel = new LedgerKernel { ForeignBytes = isVcore ? UserLayout.PageSize : 0 };
        nuint bytes = (nuint)bookkeepingPages * (nuint)UserLayout.PageSize;
        _memory = (byte*)NativeMemory.AlignedAlloc(bytes, (nuint)UserLayout.PageSize);
        NativeMemory.Clear(_memory, bytes);
        _text = (byte*)NativeMemory.Alloc((nuint)_configuration.Length);
        _configuration.CopyTo(new Span<byte>(_text, _configuration.Length));
        SystemCalls.Double = Kernel;
        CapabilitySlots.Initialise(64, 1024);
        _server->SetConfiguration(_text, _configuration.Length);
        Prepare((ulong)bytes, slots);
    }

    public LedgerKernel Kernel { get; }

    public Server* Server => _server;

    public Child* this[int child] => _children[child];

    /// <summary>It has been started, and what it has not been taken back.</summary>
    public bool IsAlive(int child) => _children[child] != null && _children[child]->Pd != null;

    /// <summary>What others do between the service of a request and its reply, which is to bring what lies in this slot.</summary>
    public Action<CapabilitySlot>? BeforeReply { get; set; }

    public void Dispose()
    {
        SystemCalls.Double = null;
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_text);
        NativeMemory.AlignedFree(_windows);
        NativeMemory.AlignedFree(_scratch);
        NativeMemory.Free(_server);
    }

    /// <returns>False if something is used up; then nothing has changed.</returns>
    public bool TryStart(int index)
    {
        Assert.Equal(
            ConfigurationStatus.Ok,
            SystemConfiguration.Open(_server->Configuration, out SystemConfiguration read)
        );
        _server->ServiceLock.Acquire();
        bool made = TryMake(index, in read, out bool begun);
        _server->ServiceLock.Release();
        if (begun && !made)
        {
            End(index);
        }
        return made;
    }

    /// <summary>Starts a child with a program, as servers do; or again, if it awaits that.</summary>
    /// <param name="index">Which.</param>
    /// <param name="restarts">How often it may be started again.</param>
    /// <param name="cause">After what.</param>
    public LoadResult Load(int index, uint restarts, RestartCause cause)
    {
        var read = SystemConfiguration.OfChecked(_server->Configuration);
        ChildRecord record = read.Child((uint)index);
        record.Restarts = restarts;
        record.RestartCause = cause;
        var request = new ChildRequest
        {
            Again = _children[index],
            Record = record,
            ConfigurationIndex = (uint)index,
            Name = read.Text(record.Name),
            Label = "label"u8,
            Quota = _each,
            CpuCount = 1,
            IsServer = index == Lower,
        };
        LoadResult result = Children.Create(_server, request, _program, out Child* child, out ThreadRecord* main);
        if (result == LoadResult.Ok)
        {
            ComponentLoader.Run(main);
            _children[index] = child;
        }
        return result;
    }

    /// <summary>As an entrypoint does it that has a request.</summary>
    public void Serve(Action request)
    {
        _server->ServiceLock.Acquire();
        request();
        _server->ServiceLock.Release();
    }

    private bool TryMake(int index, in SystemConfiguration read, out bool begun)
    {
        begun = false;
        Child* child = _server->ChildRecords.TryTake();
        if (child == null)
        {
            return false;
        }
        child->Record = read.Child((uint)index);
        child->ConfigurationIndex = (uint)index;
        child->Name.Set(read.Text(child->Record.Name));
        child->Pd = ProtectionDomains.TryCreate(_server, _each, TableBits, 0, 1);
        if (child->Pd == null)
        {
            _server->ChildRecords.Give(child);
            return false;
        }
        child->Pd->Child = child;
        child->Pd->IsServer = index == Lower;
        child->Handle = _server->Objects.Add(&_server->OwnObjects, ObjectKind.Parent, child);
        ThreadRecord* main = null;
        bool made =
            !child->Handle.IsNull
            && ThreadObjects.Create(_server, child->Pd, 0, 63, 0, _server->SupervisorAnnouncer, out main)
                == ThreadResult.Ok
            && Children.GiveSessions(_server, child, main, "label"u8);
        _children[index] = child;
        child->Next = _server->Children;
        _server->Children = child;
        begun = true;
        return made;
    }

    /// <summary>Takes back all that the child has, and forgets it, so that it can be started anew.</summary>
    public void End(int index)
    {
        Children.Destroy(_server, _children[index], startsAgain: false);
        Remove(index);
    }

    /// <summary>Forgets a child that everything has been taken back of.</summary>
    public void Remove(int index)
    {
        Child* child = _children[index];
        Child** link = &_server->Children;
        while (*link != child)
        {
            link = &(*link)->Next;
        }
        *link = child->Next;
        _server->ChildRecords.Give(child);
        _children[index] = null;
    }

    public HeldCapability? CapabilityAt(int child, uint slot) => Kernel.At(TableOf(child), slot);

    public uint[] SlotsOf(int child) => Kernel.SlotsOf(TableOf(child));

    /// <summary>Whether what lies in a slot of a child's table is an object that serves the interface.</summary>
    public bool Serves(int child, uint slot, uint interfaceHash) =>
        CapabilityAt(child, slot) is { Type: ObjectType.Endpoint, Badge: not 0 } held
        && InterfaceOf(new ObjectHandle(held.Badge).Kind) == interfaceHash;

    public int TableOf(int child) => Kernel.TableIn(_children[child]->Pd->Table.Slot.Value);

    /// <summary>The child empties the slots of its table that it had not filled then.</summary>
    public void Forget(int child, IReadOnlySet<uint> kept)
    {
        foreach (uint slot in SlotsOf(child))
        {
            if (!kept.Contains(slot))
            {
                Kernel.Delete(TableOf(child), slot);
            }
        }
    }

    /// <summary>A thread of the child's touches an address where nothing is attached, and is put aside.</summary>
    /// <returns>Whether its region map has a handler.</returns>
    public bool Fault(int child, ulong thread, ulong address)
    {
        RegionMap* map = _children[child]->Pd->Map;
        _server->Mapping.Resolve(map, address, FaultAccess.User, EntrypointOf(0), out Resolution resolution);
        HeldCaller* held = _server->Callers.PutAside(0);
        if (_server->Mapping.Defer(map, in resolution, FaultAccess.User, thread, held) == DeferResult.Deferred)
        {
            return true;
        }
        _server->Callers.Answer(held, HeldAnswer.Again);
        return false;
    }

    /// <summary>Threads of children fault, one after the other, each under the cookie that is said.</summary>
    public PagerKernel Fault(params PlayedFault[] faults)
    {
        var kernel = new PagerKernel(Kernel, _server->Cpus[0].PagerThread.Slot.Value);
        foreach (PlayedFault fault in faults)
        {
            kernel.Add(fault);
        }
        SystemCalls.Double = kernel;
        SessionEntrypoint.Instance = _server;
        Skerry.Base.Servers.Faults.Pager.Run(0);
        SessionEntrypoint.Instance = null;
        SystemCalls.Double = Kernel;
        return kernel;
    }

    /// <summary>A crash under this cookie.</summary>
    public PlayedFault CrashOf(int child, ulong thread) =>
        new(_children[child]->Pd->Handle.Value, FaultLabel.Exception, 0, thread);

    /// <summary>The server's memory is used up, and so are the Reply objects that it has.</summary>
    public void UseUpCallers()
    {
        for (int bits = MemoryBits; bits >= UntypedAllocator<ServerKernel>.PageBits; bits--)
        {
            while (_server->Untyped.TryAllocate(bits) != null) { }
        }
        while (_server->Callers.PutAside(0) != null) { }
    }

    /// <summary>
    /// The slot of the window that was looked up last is kept until the next is, and what was handed out for a forwarded fault
    /// until the next such fault: after this it is always a window of the house's own, and nothing.
    /// </summary>
    public void Settle()
    {
        MappingLibrary<ServerKernel>* mapping = &_server->Mapping;
        RegionMap* map = mapping->TryCreateMap(0, UserLayout.PageSize, null);
        _server->Ram.Allocate(UserLayout.PageSize, null, default, out Dataspace* memory);
        Assert.Equal(AttachStatus.Ok, mapping->Attach(map, memory, default, out ulong address));
        for (uint cpu = 0; cpu < _cpus; cpu++)
        {
            mapping->Resolve(map, address, FaultAccess.User, EntrypointOf(cpu), out _);
        }
        mapping->Resolve(map, address, FaultAccess.User, _server->SupervisorAnnouncer, out _);
        mapping->DestroyMap(map);
        mapping->FreeDataspace(memory);
        CapabilitySlot handedOut = _server->Cpus[0].HandedOut;
        CapTableCapability.Own.Delete(handedOut);
        CapTableCapability.Own.Delete(handedOut.Next());
    }

    /// <summary>Whether memory is there that the child may write to.</summary>
    public bool IsAttached(int child, ulong address) =>
        _server->Mapping.Resolve(
            _children[child]->Pd->Map,
            address,
            FaultAccess.Write | FaultAccess.User,
            (int)_server->CpuCount,
            out _
        ) == FaultOutcome.Resolved;

    /// <summary>Nobody is held any more: every Reply object is free.</summary>
    public void CheckNobodyIsHeld()
    {
        var held = new HeldCaller*[Callers];
        uint records = _server->CallerRecords.InUse;
        for (uint i = 0; i < Callers; i++)
        {
            held[i] = _server->Callers.PutAside(0);
            Assert.True(held[i] != null, "a record is free that holds somebody, or is lost");
        }
        bool isEnough = records == _server->CallerRecords.InUse;
        for (uint i = 0; i < Callers; i++)
        {
            _server->Callers.Answer(held[i], HeldAnswer.Again);
        }
        Kernel.Answers.Clear();
        Assert.True(isEnough, "a caller is held that nobody will answer");
    }

    public Accounts Count() => HouseCounts.Of(this);

    private static uint InterfaceOf(ObjectKind kind) =>
        kind switch
        {
            ObjectKind.ProtectionDomain => PdSessionMethods.InterfaceHash,
            ObjectKind.RegionMap => RegionMapMethods.InterfaceHash,
            ObjectKind.CpuSession => CpuSessionMethods.InterfaceHash,
            ObjectKind.Thread => CpuThreadMethods.InterfaceHash,
            ObjectKind.RmSession => RmSessionMethods.InterfaceHash,
            ObjectKind.LogSession => LogSessionMethods.InterfaceHash,
            ObjectKind.RomSession => RomSessionMethods.InterfaceHash,
            ObjectKind.Parent => ParentMethods.InterfaceHash,
            ObjectKind.Trace => TraceMethods.InterfaceHash,
            ObjectKind.FaultForward => FaultForwardMethods.InterfaceHash,
            _ => 0,
        };

    private void Prepare(ulong bytes, uint slots)
    {
        _server->Memory = new ServerMemory(_memory, bytes);
        ServerMemory* memory = &_server->Memory;
        Assert.True(_server->Slots.Initialise(memory, new CapabilitySlot(FirstPoolSlot), slots));
        Assert.True(_server->Objects.Initialise(memory));
        ServerStart.MakeSlabs(_server, memory);
        _server->OwnRecords.OpenOwn(memory);
        _server->OwnObjects.Records = &_server->OwnRecords;
        _server->Space.Initialise(default, default, &_server->Slots, (ulong)_scratch);
        RecordWindows.Initialise(_server);
        _server->RecordWindowBase = (ulong)_windows;
        HouseHooks.InstallPages(_server);
        var kernel = new ServerKernel(&_server->Callers);
        _server->Untyped.Initialise(kernel, &_server->Slots, &_server->Blocks);
        _server->Callers.Initialise(_server);
        _server->Ram.Initialise(kernel, &_server->OwnRecords, &_server->Slots, &_server->Untyped);
        _server->Mapping.Initialise(kernel, &_server->OwnRecords, &_server->Slots, &_server->Ram);
        _server->CpuCount = _cpus;
        ServerStart.ShareServiceLock(_server);
        for (uint i = 0; i < _cpus; i++)
        {
            PrepareCpu((ServerCpu*)&_server->Cpus + i, i);
        }
        _server->Attention = new NotificationCapability(Own(ObjectType.Notification, FirstInCommon));
        for (uint i = 0; i < Callers; i++)
        {
            CapabilitySlot reply = Own(ObjectType.Reply, FirstReply + ThreadsOfCpu * _cpus + i);
            _server->Callers.Answer(_server->Callers.TryAdopt(reply, 0), HeldAnswer.Again);
        }
        Kernel.Give(ObjectType.Untyped, FirstInCommon + 1, 1ul << MemoryBits);
        Assert.True(ServerStart.AddMemory(_server, new CapabilitySlot(FirstInCommon + 1), 1ul << 32, MemoryBits));
        _server->Account.Endow(new Resources(0, 2000));
        CapabilitySlot frame = Own(ObjectType.Frame, FirstInCommon + 2);
        Dataspace* module = _server->Mapping.TryAddFrame(frame, 4 * UserLayout.PageSize, FrameRights.Read);
        // Whoever asks first makes the module an object, which it remains.
        Assert.False(DataspaceObjects.Capability(_server, &_server->OwnObjects, module, 0).IsNone);
        _server->AllStarted = true;
        HouseHooks.Install(_server, module, isVcore: Kernel.ForeignBytes != 0);
    }

    private void PrepareCpu(ServerCpu* cpu, uint index)
    {
        uint slot = FirstOfCpu + index * SlotsOfCpu;
        cpu->ClusterIndex = index;
        cpu->Sessions = new EndpointCapability(Own(ObjectType.Endpoint, slot));
        cpu->Faults = new EndpointCapability(Own(ObjectType.Endpoint, slot + 1));
        cpu->SessionThread = new ThreadCapability(Own(ObjectType.Thread, slot + 2));
        cpu->PagerThread = new ThreadCapability(Own(ObjectType.Thread, slot + 3));
        cpu->Control = new CpuControlCapability(Own(ObjectType.CpuControl, slot + 4));
        cpu->Time = new SchedControlCapability(Own(ObjectType.SchedControl, slot + 5));
        cpu->HandedOut = _server->Slots.TryTakeRun(2);
        cpu->SessionCaller = Bind(cpu->SessionThread, FirstReply + ThreadsOfCpu * index, index);
        cpu->PagerCaller = Bind(cpu->PagerThread, FirstReply + ThreadsOfCpu * index + 1, index);
    }

    private HeldCaller* Bind(ThreadCapability thread, uint slot, uint cpu)
    {
        CapabilitySlot reply = Own(ObjectType.Reply, slot);
        Assert.Equal(Status.Ok, thread.SetReply(new ReplyCapability(reply)));
        return _server->Callers.TryAdopt(reply, cpu);
    }

    /// <summary>
    /// The number under which the entrypoint of a CPU looks windows up, behind those of the pagers; faults are played under
    /// that of the first.
    /// </summary>
    private int EntrypointOf(uint cpu) => (int)(_cpus + cpu);

    private CapabilitySlot Own(ObjectType type, uint slot)
    {
        Kernel.Give(type, slot);
        return new CapabilitySlot(slot);
    }
}
