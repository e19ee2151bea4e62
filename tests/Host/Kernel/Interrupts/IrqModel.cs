using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Four lines, each with a handler or none, and what a driver should see of them.</summary>
internal sealed unsafe class IrqModel
{
    private const int LineCount = 4;
    private const ulong Masked = 1 << 16;

    private readonly Line[] _lines = new Line[LineCount];
    private readonly uint[] _notifications = new uint[2];

    /// <summary>Signalled and not yet taken, for each CPU.</summary>
    private readonly ulong[] _bits = new ulong[2];

    public IrqModel()
    {
        World.Operate(0);
        for (uint i = 0; i < LineCount; i++)
        {
            // One of them at the second I/O APIC.
            uint input = i == 3 ? IoApicRegisters.SecondBase + 7 : 4 + i;
            _lines[i] = new Line
            {
                Input = input,
                Handler = World.NewSlot(),
                Badge = 1ul << (int)i,
            };
        }
        for (uint cpu = 0; cpu < 2; cpu++)
        {
            _notifications[cpu] = World.Make(ObjectType.Notification, cpu);
            foreach (Line line in _lines)
            {
                line.Badged[cpu] = World.NewSlot();
                Assert.Equal(Status.Ok, World.Mint(line.Badged[cpu], _notifications[cpu], line.Badge));
            }
        }
    }

    public World World { get; } = new(2);

    public List<string> Trace { get; } = [];

    public void Step(uint choice)
    {
        Line line = _lines[choice / 8 % LineCount];
        uint argument = choice / 32;
        Trace.Add($"{choice % 8} on {line.Input} with {argument % 8}");
        switch (choice % 8)
        {
            case 0:
                Make(line, argument);
                break;
            case 1:
                Delete(line);
                break;
            case 2:
                Set(line);
                break;
            case 3:
                Clear(line);
                break;
            case 4:
                Acknowledge(line);
                break;
            case 5:
                Move(line, !line.Asserted);
                break;
            case 6:
                Move(line, !line.Asserted);
                Move(line, !line.Asserted);
                break;
            default:
                Take(argument % 2);
                break;
        }
        Check();
    }

    private void Make(Line line, uint argument)
    {
        var flags = (InterruptFlags)(argument & (ulong)InterruptFlags.All);
        uint cpu = argument / 4 % 2;
        Status status = World.MakeIoApic(line.Handler, line.Input, cpu, flags);
        Assert.Equal(line.State == null ? Status.Ok : Status.SlotOccupied, status);
        if (line.State == null)
        {
            line.State = IrqState.Closed;
            line.Cpu = cpu;
            line.IsLevel = (flags & InterruptFlags.Level) != 0;
        }
    }

    private void Delete(Line line)
    {
        Assert.Equal(line.State == null ? Status.InvalidCapability : Status.Ok, World.Delete(line.Handler));
        line.State = null;
    }

    private void Set(Line line)
    {
        Status expected = line.State switch
        {
            null => Status.InvalidCapability,
            IrqState.Closed => Status.Ok,
            _ => Status.InvalidState,
        };
        ulong notification = line.Badged[line.Cpu];
        Assert.Equal(expected, World.OnIrq(line.Handler, IrqHandlerOperation.SetNotification, notification));
        if (expected == Status.Ok)
        {
            line.State = IrqState.Open;
            Deliver(line, line.IsLevel && line.Asserted);
        }
    }

    private void Clear(Line line)
    {
        Status expected = line.State switch
        {
            null => Status.InvalidCapability,
            IrqState.Closed => Status.InvalidState,
            _ => Status.Ok,
        };
        Assert.Equal(expected, World.OnIrq(line.Handler, IrqHandlerOperation.Clear));
        line.State = expected == Status.Ok ? IrqState.Closed : line.State;
    }

    private void Acknowledge(Line line)
    {
        Status expected = line.State switch
        {
            null => Status.InvalidCapability,
            IrqState.Signalled or IrqState.Pending => Status.Ok,
            _ => Status.InvalidState,
        };
        Assert.Equal(expected, World.OnIrq(line.Handler, IrqHandlerOperation.Acknowledge));
        if (expected != Status.Ok)
        {
            return;
        }
        bool pending = line.State == IrqState.Pending;
        line.State--;
        _bits[line.Cpu] |= pending ? line.Badge : 0;
        World.Serve(1);
        Deliver(line, !pending && line.IsLevel && line.Asserted);
    }

    private void Move(Line line, bool asserted)
    {
        bool rises = asserted && !line.Asserted;
        line.Asserted = asserted;
        IoApicRegisters.SetLine(line.Input, asserted);
        bool waits = line.State == IrqState.Open || !line.IsLevel;
        Deliver(line, rises && line.State is not null and not IrqState.Closed && waits);
    }

    /// <summary>What is sent arrives, and is what the model says.</summary>
    private void Deliver(Line line, bool expected)
    {
        Assert.Equal(expected ? 1 : 0, World.DeliverInterrupts());
        if (!expected)
        {
            return;
        }
        _bits[line.Cpu] |= line.State == IrqState.Open ? line.Badge : 0;
        line.State = line.State == IrqState.Open ? IrqState.Signalled : IrqState.Pending;
    }

    /// <summary>A driver takes the bits of a CPU's notification: those that were signalled since the last time.</summary>
    private void Take(uint cpu)
    {
        Assert.Equal(_bits[cpu], World.PollBits(_notifications[cpu]));
        _bits[cpu] = 0;
    }

    private void Check()
    {
        foreach (Line line in _lines)
        {
            bool masked = (IoApicRegisters.Entry(line.Input) & Masked) != 0;
            if (line.State is not { } state)
            {
                Assert.Equal(RedirectionEntry.Closed.Value, IoApicRegisters.Entry(line.Input));
                continue;
            }
            Assert.Equal(state, World.IrqStateOf(line.Handler));
            Assert.Equal(state == IrqState.Closed || (line.IsLevel && state != IrqState.Open), masked);
        }
    }

    private sealed class Line
    {
        public uint Input { get; init; }

        /// <summary>The handler's slot, filled or not.</summary>
        public uint Handler { get; init; }
        public ulong Badge { get; init; }

        /// <summary>For each CPU a capability to its notification with this line's badge.</summary>
        public uint[] Badged { get; } = new uint[2];
        public uint Cpu { get; set; }
        public bool IsLevel { get; set; }
        public bool Asserted { get; set; }

        /// <summary>Null: there is no handler.</summary>
        public IrqState? State { get; set; }
    }
}
