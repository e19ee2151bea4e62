using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>Page faults that a pager of this CPU answers with ReplyMapRecv, and exceptions that nobody answers.</summary>
internal static unsafe class FaultTests
{
    public const ulong FirstPage = 0x20_0000_0000;

    /// <summary>A page behind those that <see cref="Touches"/> touches, for another test.</summary>
    public const ulong SparePage = FirstPage + Samples.Capacity * UserLayout.PageSize;
    private const uint PagerPriority = 42;
    private const uint TouchPriority = 41;
    private const ulong PagerBadge = 77;

    private static FrameCapability backing;
    private static AddressSpaceCapability faulters;
    private static Worker pager;
    private static Samples samples;
    private static ulong touched;
    private static ulong exceptionVector;
    private static ulong wrongMessages;

    public static bool Run()
    {
        backing = Workshop.Frame(Samples.Capacity + 1);
        faulters = Workshop.OwnSpace;
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        GiveFaultsTo(endpoint);
        pager = Worker.Make(Workshop.OwnSpace, 0, PagerPriority, Role.Pager, endpoint.Slot);
        pager.Start();
        while (pager.State != ThreadState.Receiving)
        {
            Processor.Yield();
        }
        pager.MakePassive(PagerPriority);
        return Touches() & Exception() & KernelAddressTests.Run();
    }

    private static void GiveFaultsTo(EndpointCapability endpoint)
    {
        CapTableCapability table = Workshop.CapTable(8);
        Workshop.Must(
            table.Mint(
                new CapabilitySlot(FaultTable.SlotFor(0)),
                CapTableCapability.Own,
                endpoint,
                EndpointRights.Send,
                PagerBadge
            )
        );
        Workshop.Must(faulters.SetFaultTable(table));
    }

    private static bool Touches()
    {
        Worker worker = Worker.Make(Workshop.OwnSpace, 0, TouchPriority, Role.Touch, CapabilitySlot.Null);
        worker.Start();
        while (Volatile.Read(ref touched) < Samples.Capacity)
        {
            Processor.Yield();
        }
        Console.Bench("fault-map-resume"u8, ref samples);
        Console.Test("faults"u8, wrongMessages == 0, "wrong messages"u8, wrongMessages);
        return wrongMessages == 0;
    }

    public static void Touch()
    {
        for (int i = 0; i < Samples.Capacity; i++)
        {
            ulong* page = (ulong*)(FirstPage + (ulong)(uint)i * UserLayout.PageSize);
            samples.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
            ulong start = SystemCalls.ReadTimeStampCounter();
            *page = 1;
            samples.Add(SystemCalls.ReadTimeStampCounter() - start);
            Volatile.Write(ref touched, (ulong)(uint)i + 1);
        }
        Worker.WaitForEver();
    }

    public static void Page(EndpointCapability endpoint)
    {
        endpoint.Recv(out Message message);
        while (true)
        {
            if (message.Badge != PagerBadge || !message.Info.IsFromKernel)
            {
                wrongMessages++;
            }
            bool isOfKernel = message.Info.Label == (ulong)FaultLabel.Page && message.Word0 >= UserLayout.UserEnd;
            if (message.Info.Label != (ulong)FaultLabel.Page || isOfKernel)
            {
                // Nobody will answer: the thread that did it stays with this Reply object, and another takes its place.
                if (isOfKernel)
                {
                    KernelAddressTests.Note(in message);
                }
                else
                {
                    Volatile.Write(ref exceptionVector, message.Word0 + 1);
                }
                Workshop.Must(pager.Thread.SetReply(new ReplyCapability(Workshop.Make(ObjectType.Reply))));
                Workshop.Must(endpoint.Recv(out message));
                continue;
            }
            ulong address = message.Word0 & ~(UserLayout.PageSize - 1);
            var mapping = new FrameMapping(
                backing,
                FrameRights.Read | FrameRights.Write,
                address,
                address - FirstPage,
                1
            );
            while (endpoint.ReplyMapRecv(in mapping, out message) == Status.MissingPageTable)
            {
                Workshop.SupplyTable(faulters, address, (int)message.Word0);
            }
        }
    }

    /// <summary>A privileged instruction arrives as a general protection fault; the thread stays stopped.</summary>
    private static bool Exception()
    {
        Worker worker = Worker.Make(Workshop.OwnSpace, 0, TouchPriority, Role.Privileged, CapabilitySlot.Null);
        worker.Start();
        while (worker.State != ThreadState.Faulted)
        {
            Processor.Yield();
        }
        ulong vector = Volatile.Read(ref exceptionVector) - 1;
        Console.Test("privileged-instruction"u8, vector == 13, "vector"u8, vector);
        return vector == 13;
    }

    public static void ExecutePrivileged() => HaltStub();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.PrivilegedStub)]
    private static extern void HaltStub();
}
