using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>What the workers do without end: one random call after the other.</summary>
internal static unsafe class Work
{
    /// <summary>Calls to a scene.</summary>
    private const uint CallsBetweenScenes = 6;

    public static void Run(uint worker, ref WorkerRecord record)
    {
        while (true)
        {
            if (worker < Workers.CountNamed && Draw.Once(ref record.State, CallsBetweenScenes))
            {
                Scenes.Play(worker, ref record);
            }
            Board.Admit(ref record, Layout.Bell);
            Step(ref record.State);
        }
    }

    /// <summary>For a thread that chance made: it counts nothing, and ends up waiting somewhere.</summary>
    public static void RunWild(ulong seed)
    {
        ulong state = seed;
        while (true)
        {
            Step(ref state);
        }
    }

    public static void Step(ref ulong state)
    {
        uint index;
        Shape shape;
        do
        {
            index = Draw.Below(ref state, Shapes.Count);
            shape = Shapes.At(index);
        } while (Draw.Below(ref state, 8) >= shape.Weight);
        if (index == Shapes.TouchIndex)
        {
            Touch(ref state);
            return;
        }
        Board.Count(ref Board.Shared.Attempts[(int)index]);
        if (Make(ref state, ref shape) == Status.Ok)
        {
            Board.Count(ref Board.Shared.Successes[(int)index]);
        }
    }

    private static Status Make(ref ulong state, ref Shape shape)
    {
        var arguments = new Arguments(ref state);
        ulong target = arguments.Target(shape.Type);
        ulong word0 = arguments.Word(shape.Word0);
        ulong word1 = arguments.Word(shape.Word1);
        ulong word2 = arguments.Word(shape.Word2);
        ulong word3 = arguments.Word(shape.Word3);
        ulong info =
            shape.Call == SystemCall.Invoke
                ? MessageInfo.Of(shape.Operation, MessageLimits.RegisterWords).Value
                : Information(ref state, ref arguments);
        Status status = Traps.Call(shape.Call, target, info, word0, word1, word2, word3);
        // Above that, an address names a slot of a nested table.
        bool unknown = target is >= Layout.TableSlots and < 1 << 24 && shape.Type != ObjectType.None;
        if (unknown && status == Status.Ok)
        {
            Board.Count(ref Board.Shared.UnknownSelectorsThatWorked);
        }
        return status;
    }

    /// <summary>Mostly short messages; and what the buffer says of the capabilities that travel along.</summary>
    private static ulong Information(ref ulong state, ref Arguments arguments)
    {
        ulong label = Draw.Next(ref state) >> 16;
        if (Draw.Once(ref state, 32))
        {
            return Draw.Next(ref state);
        }
        if (!Draw.Once(ref state, 4))
        {
            return MessageInfo.Of(label, (int)Draw.Below(ref state, 5)).Value;
        }
        int capabilities = (int)Draw.Below(ref state, 4);
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        for (int i = 0; i < capabilities; i++)
        {
            buffer.SendSlots[i] = arguments.SlotOf(Layout.FirstType + Draw.Below(ref state, Layout.LastType));
        }
        buffer.ReceiveSlot = arguments.SlotOf(Layout.FirstType + Draw.Below(ref state, Layout.LastType));
        buffer.ReceiveCount = Draw.Below(ref state, 4);
        int length = (int)Draw.Below(ref state, Draw.Once(ref state, 8) ? 256u : 65u);
        return MessageInfo.Of(label, length, capabilities).Value;
    }

    /// <summary>Where no page is mapped the pager of this CPU has work.</summary>
    private static void Touch(ref ulong state)
    {
        ulong page = Draw.Below(ref state, (uint)Layout.TouchedPages) * UserLayout.PageSize;
        ref ulong word = ref *(ulong*)(Layout.Touched + page + 8 * Draw.Below(ref state, 512));
        if (Draw.Once(ref state, 2))
        {
            Volatile.Write(ref word, page);
        }
        else
        {
            Volatile.Read(ref word);
        }
    }
}
