using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>
/// A call that 64 passive threads have passed on, each to the next, all on the time that the first has lent. The last one
/// stands in a send that nobody takes; when it is taken, all are answered.
/// </summary>
internal static unsafe class LoanRows
{
    private const uint Count = 64;
    private const uint Priority = 40;

    private static CapabilitySlot endpoints;
    private static EndpointCapability end;
    private static SchedContextCapability context;
    private static ThreadRegisters begin;

    private static ThreadCapability Caller => new(Subject.Slot(0));

    public static void Run()
    {
        endpoints = Workshop.Slots(Count);
        end = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        for (uint i = 0; i < Count; i++)
        {
            CapTableCapability own = CapTableCapability.Own;
            Subject.Check(own.Move(endpoints.Next(i), own, Workshop.Make(ObjectType.Endpoint)));
            Worker server = Worker.Make(Workshop.OwnSpace, 0, Priority, Role.Translator, new CapabilitySlot(i));
            server.Start();
            server.MakePassive(Priority);
        }
        context = new SchedContextCapability(Workshop.Make(ObjectType.SchedContext));
        // For its stack: the thread itself does not begin.
        Worker first = Worker.Make(Workshop.OwnSpace, 0, Priority, Role.Caller, CapabilitySlot.Null);
        Subject.Check(first.Thread.ReadRegisters(out begin));
        Sweep.Row("delete-thread-64-loans"u8, &Call, &Subject.DeleteFirst);
        Sweep.Row("suspend-thread-64-loans"u8, &Call, &Suspend);
        Sweep.Row("configure-64-loans"u8, &Call, &Configure);
        Answer();
    }

    private static EndpointCapability Endpoint(uint index) => new(endpoints.Next(index));

    /// <summary>The first caller, whose call does not end before it is stopped.</summary>
    public static void Begin()
    {
        Message message = Message.Of(0);
        while (true)
        {
            Endpoint(0).Call(ref message);
        }
    }

    /// <summary>One of the servers.</summary>
    public static void Pass(uint index)
    {
        while (true)
        {
            Status status = Endpoint(index).Recv(out Message message);
            while (status == Status.Ok)
            {
                if (index + 1 == Count)
                {
                    end.Send(in message);
                }
                else
                {
                    Endpoint(index + 1).Call(ref message);
                }
                message = Message.Of(0);
                status = Endpoint(index).ReplyRecv(ref message);
            }
        }
    }

    /// <summary>Takes the last one's message, so that it and all before it are answered.</summary>
    private static void Answer() => end.NBRecv(out _);

    private static void Call()
    {
        // The last caller first, so that it does not call once more when it is answered.
        Subject.Clear();
        Answer();
        Subject.Make(ObjectType.Thread, 1);
        Subject.Check(Caller.SetSpaces(CapTableCapability.Own, Workshop.OwnSpace, 0));
        Subject.Check(context.TakeTurns(Workshop.Control(0)));
        Subject.Check(Caller.SetScheduling(Priority, context, Workshop.Control(0)));
        Subject.Check(Caller.WriteRegisters(begin.InstructionPointer, begin.StackPointer, (ulong)Role.Caller));
        Subject.Check(Caller.Resume());
    }

    private static void Suspend() => Subject.Check(Caller.Suspend());

    private static void Configure() => Subject.Check(context.Configure(5_000, 10_000, Workshop.Control(0)));
}
