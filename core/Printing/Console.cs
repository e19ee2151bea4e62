using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Needs;
using Skerry.Base.Servers;
using Skerry.Base.Text;

namespace Skerry.Core.Printing;

/// <summary>
/// The serial port and the end of the machine: the root's alone. One thread prints what all others have put into a queue,
/// for a tenth of its CPU's time, so lines come out whole, and whoever prints without end waits for himself.
/// </summary>
internal static unsafe class Console
{
    /// <summary>Bytes of the longest line.</summary>
    private const int MaximumLine = Links.LinkFrame.MaximumPayload;

    private const int QueueBytes = (int)(ServerNeeds.ConsolePages * UserLayout.PageSize) / 2;

    /// <summary>Bytes of the root's queue that its children leave to itself.</summary>
    private const int OwnShare = QueueBytes / 2;

    /// <summary>What is left of the CPU is others', however much there is to print.</summary>
    private static CoreTime Tenth => new(Server.CorePriority, 10_000, 100_000);

    /// <summary>Held for the copying of one line, by those of the root who have one.</summary>
    private static ExclusiveLock producers;
    private static PrintQueue own;

    /// <summary>From the other clusters; the doorbell thread's.</summary>
    private static PrintQueue others;

    /// <summary>Signalled when a line is put in; null: nobody prints yet, so everyone does himself.</summary>
    private static NotificationCapability lineCame;
    private static bool isQueued;

    /// <summary>1: somebody has found no room, and the doorbell thread is to be woken when there is some.</summary>
    private static int isRoomAwaited;

    private static readonly IoPortsCapability _exit = new(new CapabilitySlot((uint)InitialSlot.ExitPort));

    /// <summary>Starts the thread that prints; lines before that are printed by those who have them, one at a time.</summary>
    /// <returns>False if core's own memory does not suffice.</returns>
    public static bool Start(Server* server)
    {
        byte* memory = server->Memory.TryTake(2 * QueueBytes);
        lineCame = new NotificationCapability(OwnThreads.Make(server, ObjectType.Notification, 0));
        if (memory == null || lineCame.Slot.IsNull)
        {
            return false;
        }
        own = new PrintQueue(memory, QueueBytes);
        others = new PrintQueue(memory + QueueBytes, QueueBytes);
        isQueued = CoreThread.Start(server, CoreThread.ConsoleStack, &Print, Tenth);
        return isQueued;
    }

    /// <summary>A line of the root's own; waits for room.</summary>
    public static void Write(ReadOnlySpan<byte> line)
    {
        if (!isQueued)
        {
            SerialPort.Write(line);
            return;
        }
        while (!TryAdd(line, 0))
        {
            Processor.Yield();
        }
    }

    /// <summary>A line of a child's.</summary>
    /// <returns>False: there is no room for it now.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> line) => TryAdd(line, OwnShare);

    /// <summary>A line of another cluster's; waits for room, which <see cref="HasRoom"/> has told of.</summary>
    public static void WriteOthers(ReadOnlySpan<byte> line)
    {
        if (!isQueued)
        {
            SerialPort.Write(line);
            return;
        }
        while (!others.TryAdd(line, 0))
        {
            Processor.Yield();
        }
        lineCame.Signal();
    }

    /// <summary>
    /// Whether there is room for a line of another cluster's, however long. Where there is not, the doorbell is rung when
    /// there may be.
    /// </summary>
    public static bool HasRoom
    {
        get
        {
            if (!isQueued || others.RoomBeside(0) >= MaximumLine)
            {
                return true;
            }
            // Told first, then looked for: the consumer makes room, then asks who was told.
            Interlocked.Exchange(ref isRoomAwaited, 1);
            return others.RoomBeside(0) >= MaximumLine;
        }
    }

    /// <summary>Prints the last line and ends QEMU.</summary>
    public static void End(ExitCode code, ReadOnlySpan<byte> reason)
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = new TextBuilder(buffer);
        text.Append("@exit "u8).AppendDecimal((ulong)code).Append((byte)' ').Append(reason).AppendLine();
        Write(text.Text);
        while (isQueued && !(own.IsPrinted && others.IsPrinted))
        {
            Processor.Yield();
        }
        _exit.Out32(ExitDevice.Port, (uint)code);
        while (true)
        {
            Processor.Yield();
        }
    }

    private static bool TryAdd(ReadOnlySpan<byte> line, int free)
    {
        producers.Acquire();
        bool added = own.TryAdd(line, free);
        producers.Release();
        if (added)
        {
            lineCame.Signal();
        }
        return added;
    }

    /// <summary>
    /// The thread's whole life: a line of the root's, one of the others', and so on. It holds nothing that anybody waits for,
    /// as its time may be over at any moment.
    /// </summary>
    private static void Print(ulong _)
    {
        Span<byte> line = stackalloc byte[MaximumLine];
        while (true)
        {
            bool any = TryPrint(ref own, line);
            any |= TryPrint(ref others, line);
            if (!any)
            {
                lineCame.Wait(out ulong _);
            }
        }
    }

    private static bool TryPrint(ref PrintQueue queue, Span<byte> line)
    {
        if (!queue.TryTake(line, out int bytes))
        {
            return false;
        }
        if (Interlocked.Exchange(ref isRoomAwaited, 0) != 0)
        {
            Links.Links.Poke();
        }
        SerialPort.Write(line.Slice(0, bytes));
        return true;
    }
}
