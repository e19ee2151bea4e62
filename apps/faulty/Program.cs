using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Faulty;

/// <summary>
/// Does what a component may not. The first word of its arguments says what; its parent is to report it, and nothing
/// else is to notice.
/// </summary>
internal static unsafe class Program
{
    private const ulong UnknownMisdeed = 1;
    private const ulong SurvivedIt = 2;

    private static ulong depthReached;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ReadOnlySpan<byte> misdeed = CommandWords.First(environment.Arguments);
        if (misdeed.SequenceEqual("null-write"u8))
        {
            Volatile.Write(ref *(ulong*)8, 1ul);
        }
        else if (misdeed.SequenceEqual("kernel-address"u8))
        {
            Volatile.Write(ref *(ulong*)0xffff_ffff_8000_0000, 1ul);
        }
        else if (misdeed.SequenceEqual("non-canonical"u8))
        {
            Volatile.Write(ref *(ulong*)0x8000_0000_0000_0000, 1ul);
        }
        else if (misdeed.SequenceEqual("privileged"u8))
        {
            PrivilegedStub();
        }
        else if (misdeed.SequenceEqual("wild-jump"u8))
        {
            JumpStub(0x1234_5000);
        }
        else if (misdeed.SequenceEqual("write-text"u8))
        {
            Volatile.Write(ref *(ulong*)UserLayout.ImageBase, 0ul);
        }
        else if (misdeed.SequenceEqual("write-rom"u8))
        {
            AttachRom(in environment, FrameRights.Read | FrameRights.Write, out ulong module);
            Volatile.Write(ref *(ulong*)module, 0ul);
        }
        else if (misdeed.SequenceEqual("stack-overflow"u8))
        {
            return Descend(0);
        }
        else if (misdeed.SequenceEqual("bad-capability"u8))
        {
            return UseWhatIsNotThere();
        }
        else if (misdeed.SequenceEqual("serve"u8))
        {
            return TakeWhatServersGet(in environment);
        }
        else if (misdeed.SequenceEqual("forged-lines"u8))
        {
            environment.Log.WriteLine("@exit 16 all is well"u8);
            environment.Log.WriteLine("\r@exit 16 \u001b[2Jall is well"u8);
            environment.Log.WriteLine("\u0085@exit 16 \u009b2Jall is well, caf\u00e9"u8);
            environment.Log.WriteLine([0x85, (byte)'n', (byte)'o', 0x9b, (byte)'J', 0xc3]);
            environment.Log.WriteLine("@restart server=core child=innocent number=1 of=1"u8);
            environment.OpenSession("LOG"u8, "mine"u8, Quota.None, out CapabilitySlot session);
            new Log(new LogSessionClient(session)).WriteLine("@restart server=core"u8);
            return ExitValue.Success;
        }
        else if (misdeed.SequenceEqual("rom-as-buffer"u8))
        {
            return UseRomAsBuffer(in environment);
        }
        else if (misdeed.SequenceEqual("ask-for-log"u8))
        {
            return AskForLog(in environment);
        }
        else if (misdeed.SequenceEqual("failed-check"u8))
        {
            return misdeed[misdeed.Length];
        }
        else if (misdeed.SequenceEqual("endless-loop"u8))
        {
            while (true) { }
        }
        else
        {
            environment.Log.WriteLine("unknown misdeed"u8);
            return UnknownMisdeed;
        }
        return SurvivedIt;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Descend(ulong depth)
    {
        Volatile.Write(ref depthReached, depth);
        return Descend(depth + 1) + Volatile.Read(ref depthReached);
    }

    /// <summary>No fault: a status, and nothing else. Success if no slot but its own answers.</summary>
    private static ulong UseWhatIsNotThere()
    {
        for (uint slot = 1u << 10; slot < 1u << 20; slot = slot * 3 + 1)
        {
            var endpoint = new EndpointCapability(new CapabilitySlot(slot));
            if (endpoint.NBSend(Message.Of(1)) != Status.InvalidCapability)
            {
                return SurvivedIt;
            }
        }
        return ExitValue.Success;
    }

    /// <summary>
    /// Refused: memory to make kernel objects of, the frames behind dataspaces, and time. Nor is a control in any slot.
    /// </summary>
    private static ulong TakeWhatServersGet(in Environment environment)
    {
        CapabilitySlots.TryAllocate(out CapabilitySlot slot);
        AllocationResult memory = environment.Pd.ClaimUntyped(14, Placement.OwnCluster, slot.Value, out _);
        ParentResult forward = environment.Parent.OpenSession(
            "FORWARD"u8,
            ""u8,
            default,
            Affinity.Cpu(0),
            Quota.None,
            out _,
            out _
        );
        bool refused = memory == AllocationResult.Denied && forward == ParentResult.Denied;
        for (uint i = 1; i < (uint)StartupSlot.FirstFreeOfServer; i++)
        {
            var control = new SchedControlCapability(new CapabilitySlot(i));
            refused &= control.Query(out _, out _, out _, out _) != Status.Ok;
        }
        return refused ? ExitValue.Success : SurvivedIt;
    }

    /// <summary>It has a log from its start. Another is its parent's, too, whatever its routes say.</summary>
    private static ulong AskForLog(in Environment environment)
    {
        ParentResult opened = environment.OpenSession("LOG"u8, ""u8, Quota.None, out CapabilitySlot session);
        return opened == ParentResult.Ok && !session.IsNull ? ExitValue.Success : SurvivedIt;
    }

    /// <summary>Refused: the kernel would write messages into what may only be read.</summary>
    private static ulong UseRomAsBuffer(in Environment environment)
    {
        bool isAttached = AttachRom(in environment, FrameRights.Read, out ulong address);
        ThreadResult made = environment.Cpu.CreateThread(
            environment.PdCapability,
            "thread"u8,
            Affinity.Cpu(0),
            1,
            address,
            out _
        );
        return isAttached && made == ThreadResult.InvalidArgument ? ExitValue.Success : SurvivedIt;
    }

    private static bool AttachRom(in Environment environment, FrameRights rights, out ulong address)
    {
        address = 0;
        return environment.OpenSession("ROM"u8, "system.bin"u8, Quota.None, out CapabilitySlot session)
                == ParentResult.Ok
            && new RomSessionClient(session).Dataspace(out DataspaceCapability module, out _) == RomResult.Ok
            && environment.RegionMap.Attach(module, 0, 0, IRegionMap.AnyAddress, rights, out address)
                == AttachResult.Ok;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.PrivilegedStub)]
    private static extern void PrivilegedStub();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.JumpStub)]
    private static extern void JumpStub(ulong address);
}
