using System;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// An address space with a page of instructions, whose every byte the tests know, and a page of data. Both are also seen
/// by this program.
/// </summary>
internal static unsafe class CodePage
{
    public const ulong Code = 0x5000_0000;
    public const ulong Data = Code + UserLayout.PageSize;

    // Where each routine begins in the page. All but the first have rsp, which a system call keeps, at the data.
    public const ulong Where = Code;
    public const ulong Unknown = Code + 0x40;
    public const ulong Signal = Code + 0x60;
    public const ulong Steps = Code + 0x80;
    public const ulong Writes = Code + 0xa0;
    public const ulong Undefined = Code + 0xe0;
    public const ulong Count = Code + 0x100;
    public const ulong Receive = Code + 0x120;
    public const ulong Wait = Code + 0x140;

    private const FrameRights All = FrameRights.Read | FrameRights.Write | FrameRights.Execute;
    private const ulong CodeWindow = UserLayout.AttachBase + 0x200_0000;
    private const ulong DataWindow = CodeWindow + UserLayout.PageSize;

    private static FrameCapability code;

    public static AddressSpaceCapability Space { get; private set; }

    /// <summary>To map the instructions elsewhere too.</summary>
    public static FrameCapability CopyOfCode() => Copy(code);

    private static FrameCapability shownCode;
    private static FrameCapability shownData;

    /// <summary>Words of the data page.</summary>
    public static ref ulong Word(int index) => ref ((ulong*)DataWindow)[index];

    public static void Open(uint slot, uint endpoint, uint notification)
    {
        Space = new AddressSpaceCapability(Workshop.Make(ObjectType.AddressSpace));
        code = Workshop.Frame(1);
        FrameCapability data = Workshop.Frame(1);
        const FrameRights write = FrameRights.Read | FrameRights.Write;
        Workshop.Map(Workshop.OwnSpace, code, CodeWindow, write, 1);
        Workshop.Map(Workshop.OwnSpace, data, DataWindow, write, 1);
        // The same frames elsewhere: a window each, so copies.
        Workshop.Map(Space, Copy(code), Code, FrameRights.Read | FrameRights.Execute, 1);
        Workshop.Map(Space, Copy(data), Data, write, 1);
        shownCode = Copy(code);
        shownData = Copy(data);
        WriteAll(slot, endpoint, notification);
    }

    /// <summary>Both pages in one more address space that has the tables for them; no longer in the one before.</summary>
    public static void ShowIn(AddressSpaceCapability space)
    {
        // NotMapped where there was none, or it is gone.
        shownCode.Unmap();
        shownData.Unmap();
        Workshop.Must(shownCode.Map(space, FrameRights.Read | FrameRights.Execute, Code, 0, 1, out _));
        Workshop.Must(shownData.Map(space, FrameRights.Read | FrameRights.Write, Data, 0, 1, out _));
    }

    /// <summary>A capability to the same frame, with a window of its own.</summary>
    public static FrameCapability Copy(FrameCapability frame)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        Workshop.Must(CapTableCapability.Own.Copy(slot, CapTableCapability.Own, frame.Slot, All));
        return new FrameCapability(slot);
    }

    private static void WriteAll(uint slot, uint endpoint, uint notification)
    {
        // mov r8, rdi; again: mov eax, 1; xor ecx, ecx; cpuid; shr ebx, 24; mov [r8], rbx; inc qword [r8 + 8]; jmp again
        Put(Where, "4989f8 b801000000 31c9 0fa2 c1eb18 498918 49ff4008 ebeb"u8);
        // mov eax, 77; syscall; mov [rsp], rax; jmp $
        Put(Unknown, "b84d000000 0f05 48890424 ebfe"u8);
        PutCall(Signal, SystemCall.Signal, slot);
        PutCall(Receive, SystemCall.Recv, endpoint);
        PutCall(Wait, SystemCall.Wait, notification);
        // nop; inc rax; add rax, rbx; jmp +0; nop; mov eax, Yield; syscall; nop; jmp $
        Put(Steps, "90 48ffc0 4801d8 eb00 90 b808000000 0f05 90 ebfe"u8);
        // mov qword [rsp + 16], 5; nop; inc qword [rsp + 24]; nop; jmp $
        Put(Writes, "48c744241005000000 90 48ff442418 90 ebfe"u8);
        // ud2; mov [rsp + 32], rdx; jmp $
        Put(Undefined, "0f0b 4889542420 ebfe"u8);
        // again: inc qword [rsp + 40]; jmp again
        Put(Count, "48ff442428 ebf9"u8);
    }

    /// <summary>mov eax, call; mov edi, slot; xor ebx, ebx; syscall; mov [rsp], rax; jmp Where with rdi = rsp + 48.</summary>
    private static void PutCall(ulong at, SystemCall call, uint slot)
    {
        Put(at, "b800000000 bf00000000 31db 0f05 48890424 488d7c2430 e900000000"u8);
        PutWord(at + 1, (uint)call);
        PutWord(at + 6, slot);
        PutWord(at + 24, (uint)(Where - (at + 28)));
    }

    public static void PutByte(ulong at, byte value) => *(byte*)(CodeWindow + (at - Code)) = value;

    public static void PutWord(ulong at, uint value) => *(uint*)(CodeWindow + (at - Code)) = value;

    /// <summary>Bytes in hexadecimal digits; blanks are left out.</summary>
    public static void Put(ulong at, ReadOnlySpan<byte> digits)
    {
        byte* to = (byte*)(CodeWindow + (at - Code));
        int count = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            if (digits[i] == (byte)' ')
            {
                continue;
            }
            int digit = digits[i] <= (byte)'9' ? digits[i] - (byte)'0' : digits[i] - (byte)'a' + 10;
            to[count / 2] = (byte)(count % 2 == 0 ? digit << 4 : to[count / 2] | digit);
            count++;
        }
    }

    /// <summary>A thread that will begin at one of the routines; it has no message buffer.</summary>
    public static Worker Thread(uint cpu, uint priority, ulong routine, ulong argument = Data)
    {
        var worker = new Worker
        {
            Thread = new ThreadCapability(Workshop.Make(ObjectType.Thread, cpu)),
            Context = new SchedContextCapability(Workshop.Make(ObjectType.SchedContext, cpu)),
        };
        Workshop.Must(worker.Thread.SetSpaces(CapTableCapability.Own, Space, worker.Thread.Slot.Value));
        Workshop.Must(worker.Context.TakeTurns(Workshop.Control(cpu)));
        Workshop.Must(worker.Thread.SetScheduling(priority, worker.Context, Workshop.Control(cpu)));
        Workshop.Must(worker.Thread.WriteRegisters(routine, Data, argument));
        return worker;
    }
}
