using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// An unmasked x87 exception waits for the next x87 instruction (Intel SDM vol. 1, 8.6), and the control word says which
/// are masked. Neither reaches another address space; the own one does come.
/// </summary>
internal static unsafe class X87Tests
{
    private const uint Higher = 43;
    private const uint Lower = 42;
    private const ulong Leaves = CodePage.Code + 0xc00;
    private const ulong Computes = CodePage.Code + 0xe00;
    private const int X87Error = 16;

    /// <summary>The code page once more, where this program may execute it.</summary>
    private const ulong Window = UserLayout.AttachBase + 0x220_0000;

    private static ulong done;
    private static bool waitsForSignal;

    /// <summary>Behind <see cref="FaultReceiver.Open"/>.</summary>
    public static bool Run()
    {
        Workshop.Map(Workshop.OwnSpace, CodePage.CopyOfCode(), Window, FrameRights.Read | FrameRights.Execute, 1);
        // fwait; fld1; fldz; fdivp; fwait; fstp st0; ret
        CodePage.Put(Computes, "9b d9e8 d9ee def9 9b ddd8 c3"u8);
        ulong wrong = 0;
        for (uint way = 0; way < 6; way++)
        {
            wrong |= Passes(isPending: way % 2 == 0, isPassive: way < 2, bySignal: way >= 4) ? 0 : 1ul << (int)way;
        }
        Console.Test("x87-exceptions-stay"u8, wrong == 0, "ways that they went"u8, wrong);
        return Own() && wrong == 0;
    }

    /// <summary>Nothing happens to a thread that computes behind one of another space that left something.</summary>
    private static bool Passes(bool isPending, bool isPassive, bool bySignal)
    {
        CapabilitySlot meeting = Workshop.Make(bySignal ? ObjectType.Notification : ObjectType.Endpoint);
        Volatile.Write(ref done, 0ul);
        waitsForSignal = bySignal;
        Worker computing = Worker.Make(Workshop.OwnSpace, 0, Higher, Role.X87, meeting);
        computing.Start();
        if (isPassive)
        {
            computing.MakePassive(Higher);
        }
        // fninit; mov word [rsp + 56], 0x37b; fldcw [rsp + 56]; fld1; fldz; fdivp or not; mov eax, call; mov edi, slot;
        // xor ebx, ebx; syscall; ud2
        CodePage.Put(Leaves, "dbe3 66c74424387b03 d96c2438 d9e8 d9ee def9 b800000000 bf00000000 31db 0f05 0f0b"u8);
        if (!isPending)
        {
            CodePage.Put(Leaves + 13, "dbe3 d96c2438"u8);
        }
        CodePage.PutWord(Leaves + 20, (uint)(bySignal ? SystemCall.Signal : SystemCall.Call));
        CodePage.PutWord(Leaves + 25, meeting.Value);
        Worker leaving = CodePage.Thread(0, Lower, Leaves);
        leaving.Start();
        while (Volatile.Read(ref done) == 0 && computing.State != ThreadState.Faulted)
        {
            Processor.Yield();
        }
        bool passed = computing.State != ThreadState.Faulted;
        Workshop.Must(leaving.Thread.Suspend());
        Workshop.Must(computing.Thread.Suspend());
        return passed;
    }

    public static void Compute(CapabilitySlot meeting)
    {
        Message message = default;
        if (waitsForSignal)
        {
            new NotificationCapability(meeting).Wait(out _);
        }
        else
        {
            new EndpointCapability(meeting).Recv(out message);
        }
        ((delegate* <void>)(Window + (Computes - CodePage.Code)))();
        Volatile.Write(ref done, 1ul);
        if (!waitsForSignal)
        {
            new EndpointCapability(meeting).ReplyRecv(ref message);
        }
        Worker.WaitForEver();
    }

    private static bool Own()
    {
        // fninit; mov word [rsp + 56], 0x37b; fldcw [rsp + 56]; fld1; fldz; fdivp; fwait; jmp $
        CodePage.Put(Leaves, "dbe3 66c74424387b03 d96c2438 d9e8 d9ee def9 9b ebfe"u8);
        Worker worker = CodePage.Thread(0, Lower, Leaves);
        worker.Start();
        bool right = FaultReceiver.Receive(FaultLabel.Exception);
        ulong vector = FaultReceiver.Last.Word0;
        right &= vector == X87Error && FaultReceiver.Last.Word1 == Leaves + 19;
        Workshop.Must(worker.Thread.Suspend());
        Console.Test("x87-exception-of-its-own"u8, right, "vector"u8, vector);
        return right;
    }
}
