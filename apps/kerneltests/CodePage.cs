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

    private const ulong CodeWindow = UserLayout.AttachBase + 0x200_0000;
    private const ulong DataWindow = CodeWindow + UserLayout.PageSize;

    public static AddressSpaceCapability Space { get; private set; }

    /// <summary>Words of the data page.</summary>
    public static ref ulong Word(int index) => ref ((ulong*)DataWindow)[index];

    public static void Open(uint slot, uint endpoint, uint notification)
    {
        Space = new AddressSpaceCapability(Workshop.Make(ObjectType.AddressSpace));
        FrameCapability code = Workshop.Frame(1);
        FrameCapability data = Workshop.Frame(1);
        const FrameRights write = FrameRights.Read | FrameRights.Write;
        Workshop.Map(Workshop.OwnSpace, code, CodeWindow, write, 1);
        Workshop.Map(Workshop.OwnSpace, data, DataWindow, write, 1);
        // The same frames elsewhere: a window each, so copies.
        Workshop.Map(Space, Copy(code), Code, FrameRights.Read | FrameRights.Execute, 1);
        Workshop.Map(Space, Copy(data), Data, write, 1);
        WriteAll(slot, endpoint, notification);
    }

    private static FrameCapability Copy(FrameCapability frame)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        Workshop.Must(CapTableCapability.Own.Copy(slot, CapTableCapability.Own, frame.Slot, 7));
        return new FrameCapability(slot);
    }

    private static void WriteAll(uint slot, uint endpoint, uint notification)
    {
        // mov r8, rdi; again: mov eax, 1; xor ecx, ecx; cpuid; shr ebx, 24; mov [r8], rbx; inc qword [r8 + 8]; jmp again
        Put(Where, [0x49, 0x89, 0xf8, 0xb8, 1, 0, 0, 0, 0x31, 0xc9, 0x0f, 0xa2, 0xc1, 0xeb, 0x18]);
        Put(Where + 15, [0x49, 0x89, 0x18, 0x49, 0xff, 0x40, 0x08, 0xeb, 0xeb]);
        // mov eax, 77; syscall; mov [rsp], rax; jmp $
        Put(Unknown, [0xb8, 77, 0, 0, 0, 0x0f, 0x05, 0x48, 0x89, 0x04, 0x24, 0xeb, 0xfe]);
        PutCall(Signal, SystemCall.Signal, slot);
        PutCall(Receive, SystemCall.Recv, endpoint);
        PutCall(Wait, SystemCall.Wait, notification);
        // nop; inc rax; add rax, rbx; jmp +0; nop; mov eax, Yield; syscall; nop; jmp $
        Put(Steps, [0x90, 0x48, 0xff, 0xc0, 0x48, 0x01, 0xd8, 0xeb, 0, 0x90]);
        Put(Steps + 10, [0xb8, (byte)SystemCall.Yield, 0, 0, 0, 0x0f, 0x05, 0x90, 0xeb, 0xfe]);
        // mov qword [rsp + 16], 5; nop; inc qword [rsp + 24]; nop; jmp $
        Put(Writes, [0x48, 0xc7, 0x44, 0x24, 16, 5, 0, 0, 0, 0x90, 0x48, 0xff, 0x44, 0x24, 24, 0x90, 0xeb, 0xfe]);
        // ud2; mov [rsp + 32], rdx; jmp $
        Put(Undefined, [0x0f, 0x0b, 0x48, 0x89, 0x54, 0x24, 32, 0xeb, 0xfe]);
        // again: inc qword [rsp + 40]; jmp again
        Put(Count, [0x48, 0xff, 0x44, 0x24, 40, 0xeb, 0xf9]);
    }

    /// <summary>mov eax, call; mov edi, slot; xor ebx, ebx; syscall; mov [rsp], rax; jmp Where with rdi = rsp + 48.</summary>
    private static void PutCall(ulong at, SystemCall call, uint slot)
    {
        Put(at, [0xb8, (byte)call, 0, 0, 0, 0xbf, (byte)slot, (byte)(slot >> 8), (byte)(slot >> 16), 0]);
        // lea rdi, [rsp + 48]
        Put(at + 10, [0x31, 0xdb, 0x0f, 0x05, 0x48, 0x89, 0x04, 0x24, 0x48, 0x8d, 0x7c, 0x24, 48, 0xe9]);
        uint distance = (uint)(Where - (at + 28));
        Put(
            at + 24,
            [(byte)distance, (byte)(distance >> 8), (byte)(distance >> 16), (byte)(distance >> 24)]
        );
    }

    private static void Put(ulong at, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            ((byte*)(CodeWindow + (at - Code)))[i] = bytes[i];
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
        Workshop.Must(worker.Thread.SetScheduling(priority, worker.Context));
        Workshop.Must(worker.Thread.WriteRegisters(routine, Data, argument));
        return worker;
    }
}
