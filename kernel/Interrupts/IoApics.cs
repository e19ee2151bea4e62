using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The machine's I/O APICs: only the boot cluster's kernel knows any. Which inputs are in use stands in the hardware: the
/// vector of a free one is 0, as bootstrap left them all.
/// </summary>
internal static unsafe class IoApics
{
    private const uint FirstInputIndex = 0x10;

    private static InterruptSources sources;

    /// <summary>
    /// For a register's two accesses, which belong together and which the interrupt path makes too. It is held for a few
    /// accesses, and who holds it waits for nothing else. A cluster of one CPU does not have it.
    /// </summary>
    private static uint taken;

    public static bool IsPresent => sources.IoApicCount != 0;

    public static void Initialise(ref InterruptSources found) => sources = found;

    /// <summary>Whether any of their registers lies in this range of physical memory.</summary>
    public static bool Overlaps(ulong start, ulong bytes)
    {
        for (int i = 0; i < sources.IoApicCount; i++)
        {
            ulong page = sources.IoApics[i].PhysicalAddress & ~(UserLayout.PageSize - 1);
            if (start < page + UserLayout.PageSize && page < start + bytes)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Which input a global system interrupt is; false if none.</summary>
    public static bool Find(ulong interrupt, out uint ioApic, out uint input)
    {
        for (ioApic = 0; ioApic < sources.IoApicCount; ioApic++)
        {
            ulong offset = interrupt - sources.IoApics[(int)ioApic].FirstInterrupt;
            if (offset < sources.IoApics[(int)ioApic].InputCount)
            {
                input = (uint)offset;
                return true;
            }
        }
        input = 0;
        return false;
    }

    public static bool IsTaken(uint ioApic, uint input)
    {
        Acquire();
        bool result = new RedirectionEntry(Read(ioApic, FirstInputIndex + input * 2)).Vector != 0;
        Release();
        return result;
    }

    /// <summary>Gives a handler its input, masked.</summary>
    public static void Claim(IrqHandler* handler, uint ioApic, uint input, InterruptFlags flags)
    {
        Acquire();
        handler->IoApic = (byte)ioApic;
        handler->Input = (byte)input;
        handler->Flags = (byte)flags;
        handler->Kind = IrqKind.IoApic;
        // Edge-triggered first: that ends what a former user of the input may have left waiting for its end of interrupt.
        Write(handler, RedirectionEntry.Closed);
        Write(handler, EntryOf(handler, masked: true));
        Release();
    }

    /// <summary>Takes its input from a handler, which is nobody's from now on.</summary>
    public static void GiveUp(IrqHandler* handler)
    {
        Acquire();
        Write(handler, RedirectionEntry.Closed);
        handler->Kind = IrqKind.Free;
        Release();
    }

    /// <summary>
    /// Nothing happens if the handler has no input. That is looked at under the lock: the interrupt path may come late,
    /// when the input is another handler's already.
    /// </summary>
    public static void SetMask(IrqHandler* handler, bool masked)
    {
        Acquire();
        if (handler->Kind == IrqKind.IoApic)
        {
            WriteRegister(handler, 0, EntryOf(handler, masked).Low);
        }
        Release();
    }

    private static RedirectionEntry EntryOf(IrqHandler* handler, bool masked) =>
        RedirectionEntry.For(
            handler->Vector,
            ClusterCpus.At(handler->Cpu)->ApicId,
            (InterruptFlags)handler->Flags,
            masked
        );

    /// <summary>Masked entries only: the mask is in the first half.</summary>
    private static void Write(IrqHandler* handler, RedirectionEntry entry)
    {
        WriteRegister(handler, 0, entry.Low);
        WriteRegister(handler, 1, entry.High);
    }

    private static uint Read(uint ioApic, uint index) =>
        IoApicRegisters.Read(ioApic, sources.IoApics[(int)ioApic].PhysicalAddress, index);

    private static void WriteRegister(IrqHandler* handler, uint half, uint value)
    {
        ulong address = sources.IoApics[handler->IoApic].PhysicalAddress;
        IoApicRegisters.Write(handler->IoApic, address, FirstInputIndex + handler->Input * 2u + half, value);
    }

    private static void Acquire()
    {
        if (ClusterCpus.IsSingle)
        {
            return;
        }
        while (Interlocked.Exchange(ref taken, 1u) != 0)
        {
            X86Base.Pause();
        }
    }

    private static void Release()
    {
        if (!ClusterCpus.IsSingle)
        {
            Volatile.Write(ref taken, 0u);
        }
    }
}
