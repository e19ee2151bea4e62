using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Startup;

/// <summary>A further thread of this component, on a stack of its own.</summary>
/// <remarks>
/// <code>
///   slot base                                                     slot base + StackSlotSize
///   | message buffer, context | never mapped ...... | stack (grows down)                  |
/// </code>
/// </remarks>
public readonly unsafe struct UserThread
{
    public const ulong DefaultStackBytes = 64 * 1024;

    /// <summary>For threads of the library's own.</summary>
    internal const ulong SmallStackBytes = 4 * UserLayout.PageSize;
    private const ulong MaximumStackBytes = UserLayout.StackSlotSize - 2 * UserLayout.PageSize;

    private readonly uint _stackSlot;
    private readonly CpuThreadCapability _thread;
    private readonly DataspaceCapability _stack;

    private UserThread(uint stackSlot, CpuThreadCapability thread, DataspaceCapability stack)
    {
        _stackSlot = stackSlot;
        _thread = thread;
        _stack = stack;
    }

    /// <summary>To pause it, move it, or bind a Reply object.</summary>
    public CpuThreadClient Control => new(_thread.Capability.Slot);

    /// <summary>The body has returned.</summary>
    public bool HasFinished => Volatile.Read(ref ThreadContext.At(StackSlots.Base(_stackSlot))->Finished) != 0;

    /// <summary>
    /// Makes a thread of the main thread's priority that is not yet running: a server binds its Reply object before it
    /// starts.
    /// </summary>
    public static ThreadResult Create<TBody>(
        in Environment environment,
        ReadOnlySpan<byte> name,
        Affinity cpu,
        ulong argument,
        out UserThread thread
    )
        where TBody : struct, IThreadBody =>
        Create(in environment, name, cpu, environment.Priority, DefaultStackBytes, &TBody.Run, argument, out thread);

    /// <summary>Sets it going.</summary>
    public ThreadResult Start() =>
        Control.Start(SystemCalls.ThreadStartAddress, StackSlots.Base(_stackSlot) + UserLayout.StackSlotSize, 0);

    /// <summary>Stops the thread wherever it is and gives its stack back. Not for the running thread itself.</summary>
    /// <remarks>
    /// What the thread was doing stays half done. In a call of a session that harms nobody: calls take no lock of the
    /// component's, and what the answer would have brought is lost, with its slot. Elsewhere it is for the caller to see to
    /// it that the thread holds no <see cref="UserLock"/>, which would stay taken for ever: neither one of the component's,
    /// nor one of this library's, so that it must not be at the heap, nor make or destroy threads.
    /// </remarks>
    public ThreadResult Destroy(in Environment environment)
    {
        ThreadResult result = environment.Cpu.DestroyThread(_thread);
        CapabilitySlots.Release(_thread.Capability.Slot);
        environment.Ram.Free(_stack);
        StackSlots.Free(_stackSlot);
        return result;
    }

    /// <summary>As the other, with everything said.</summary>
    /// <param name="environment">The component's.</param>
    /// <param name="name">For reports.</param>
    /// <param name="cpu">In the component's affinity space.</param>
    /// <param name="priority">0 to 63; at most the component's own.</param>
    /// <param name="stackBytes">A multiple of the page size.</param>
    /// <param name="body">What it runs.</param>
    /// <param name="argument">What the body is given.</param>
    /// <param name="thread">The thread, not started.</param>
    public static ThreadResult Create(
        in Environment environment,
        ReadOnlySpan<byte> name,
        Affinity cpu,
        uint priority,
        ulong stackBytes,
        delegate* <ulong, void> body,
        ulong argument,
        out UserThread thread
    )
    {
        thread = default;
        if (stackBytes == 0 || stackBytes > MaximumStackBytes || stackBytes % UserLayout.PageSize != 0)
        {
            return ThreadResult.InvalidArgument;
        }
        if (!StackSlots.TryAllocate(out uint stackSlot))
        {
            return ThreadResult.OutOfRam;
        }
        ThreadResult result = AttachStack(in environment, stackSlot, stackBytes, out DataspaceCapability stack);
        if (result != ThreadResult.Ok)
        {
            StackSlots.Free(stackSlot);
            return result;
        }
        ulong page = StackSlots.Base(stackSlot);
        *ThreadContext.At(page) = new ThreadContext
        {
            Body = body,
            Argument = argument,
            StackSlot = stackSlot,
        };
        result = environment.Cpu.CreateThread(
            environment.PdCapability,
            name,
            cpu,
            priority,
            page,
            out CpuThreadCapability capability
        );
        if (result != ThreadResult.Ok)
        {
            environment.Ram.Free(stack);
            StackSlots.Free(stackSlot);
            return result;
        }
        ThreadContext.At(page)->Control = capability.Capability.Slot;
        thread = new UserThread(stackSlot, capability, stack);
        return ThreadResult.Ok;
    }

    /// <summary>One dataspace: its first page is the message buffer, the others the stack.</summary>
    private static ThreadResult AttachStack(
        in Environment environment,
        uint stackSlot,
        ulong stackBytes,
        out DataspaceCapability stack
    )
    {
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        ulong bytes = UserLayout.PageSize + stackBytes;
        AllocationResult allocated = environment.Ram.Allocate(bytes, out stack);
        if (allocated != AllocationResult.Ok)
        {
            return allocated == AllocationResult.OutOfCapabilities
                ? ThreadResult.OutOfCapabilities
                : ThreadResult.OutOfRam;
        }
        ulong page = StackSlots.Base(stackSlot);
        ulong bottom = page + UserLayout.StackSlotSize - stackBytes;
        RegionMapClient map = environment.RegionMap;
        AttachResult attached = map.Attach(stack, UserLayout.PageSize, 0, page, rights, out _);
        if (attached == AttachResult.Ok)
        {
            attached = map.Attach(stack, stackBytes, UserLayout.PageSize, bottom, rights, out _);
        }
        if (attached == AttachResult.Ok)
        {
            return ThreadResult.Ok;
        }
        // Freeing the dataspace takes it away wherever it is attached.
        environment.Ram.Free(stack);
        return attached == AttachResult.OutOfCapabilities ? ThreadResult.OutOfCapabilities : ThreadResult.OutOfRam;
    }
}
