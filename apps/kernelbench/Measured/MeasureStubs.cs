using System;
using Iced.Intel;
using Skerry.Abi;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;
using static Skerry.Apps.KernelBench.Measured.MeasureRegisters;

namespace Skerry.Apps.KernelBench.Measured;

/// <summary>
/// The client's side of a measurement: between the two readings of the counter stand the loads of one system call, the
/// system call, and what keeps its answer, which the empty measurement has as well.
/// </summary>
internal static class MeasureStubs
{
    private static readonly AssemblerRegister64[] _callee = [rbx, rbp, r12, r13, r14, r15];

    public static void Write(StubFile file)
    {
        file.Section(".text", "ax");
        file.Function(MeasureEntryPoints.MeasureStub, MeasureStub());
        MeasureLoops.Write(file);
        MeasureFaults.Write(file);
    }

    /// <summary>void MeasureStub(request*, MeasureKind): rdi and rsi; nothing but rsp outlives the system call.</summary>
    private static StubCode MeasureStub()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label done = a.CreateLabel();
        foreach (AssemblerRegister64 register in _callee)
        {
            a.push(register);
        }
        a.push(rdi);
        a.mov(rbp, rdi);
        foreach (MeasureKind kind in Enum.GetValues<MeasureKind>())
        {
            Case(a, kind, done);
            if (kind is >= MeasureKind.Number and <= MeasureKind.Word4)
            {
                Case(a, kind | MeasureKind.Dry, done);
            }
        }
        a.ud2();
        a.Label(ref done);
        StoreAnswer(a);
        for (int i = _callee.Length - 1; i >= 0; i--)
        {
            a.pop(_callee[i]);
        }
        a.ret();
        return code;
    }

    private static void Case(SourceAssembler a, MeasureKind kind, Label done)
    {
        Label next = a.CreateLabel();
        a.cmp(esi, (int)kind);
        a.jne(next);
        a.rdtsc();
        a.push(rax);
        Body(a, kind);
        if (kind != MeasureKind.Plain)
        {
            Keep(a);
        }
        a.rdtsc();
        a.jmp(done);
        a.Label(ref next);
        a.nop();
    }

    private static void Body(SourceAssembler a, MeasureKind kind)
    {
        switch (kind)
        {
            case MeasureKind.Empty or MeasureKind.Plain or MeasureKind.Dry:
                break;
            case MeasureKind.Pause:
                a.pause();
                break;
            case MeasureKind.SlotPause or MeasureKind.Word1Pause:
                MeasureKind call = kind == MeasureKind.SlotPause ? MeasureKind.Slot : MeasureKind.Word1;
                SystemCallOf(a, (int)call, false);
                a.pause();
                break;
            case MeasureKind.PingPong or MeasureKind.DryPingPong:
                bool dry = kind == MeasureKind.DryPingPong;
                SystemCallOf(a, (int)MeasureKind.Slot, dry);
                Load(a, SystemCall.Wait, MeasureLayout.PongSlot);
                Enter(a, dry);
                break;
            case > MeasureKind.DryPingPong:
                Serve(a, kind);
                break;
            default:
                bool isDry = kind >= MeasureKind.Dry;
                SystemCallOf(a, (int)(kind & ~MeasureKind.Dry), isDry);
                break;
        }
    }

    /// <summary>The first so many registers of a system call, in the order of the request's fields.</summary>
    private static void SystemCallOf(SourceAssembler a, int registers, bool dry)
    {
        AssemblerRegister64[] all = [Number, Slot, Info, .. Words];
        for (int i = 0; i < registers; i++)
        {
            a.mov(all[i], __qword_ptr[rbp + MeasureLayout.Number + i * MeasureLayout.WordBytes]);
        }
        Enter(a, dry);
    }

    private static void Serve(SourceAssembler a, MeasureKind kind)
    {
        switch (kind)
        {
            case MeasureKind.DryEcho or MeasureKind.DryEchoWords:
                Label top = a.CreateLabel();
                MeasureLoops.Answer(a, kind == MeasureKind.DryEchoWords, dry: true);
                a.jmp(top);
                a.Label(ref top);
                break;
            case MeasureKind.DryAnswer or MeasureKind.DryAnswerWords:
                MeasureLoops.Answer(a, kind == MeasureKind.DryAnswerWords, dry: true);
                break;
            case MeasureKind.DryPager:
                Label again = a.CreateLabel();
                MeasureFaults.AnswerWithMapping(a, dry: true);
                a.jmp(again);
                a.Label(ref again);
                break;
            case MeasureKind.DryPartner:
                Label round = a.CreateLabel();
                MeasureLoops.PartnerRound(a, dry: true);
                a.jmp(round);
                a.Label(ref round);
                break;
            case MeasureKind.DryForward:
                Label message = a.CreateLabel();
                MeasureLoops.ForwardRound(a, dry: true);
                a.jmp(message);
                a.Label(ref message);
                break;
            case MeasureKind.DryTouch:
                MeasureFaults.Touch(a, rbp);
                break;
        }
    }

    /// <summary>rax: the second reading; on the stack: the first, and behind it the request.</summary>
    private static void StoreAnswer(SourceAssembler a)
    {
        // rdx was destroyed by the counter, and rbp by the system call.
        a.mov(edx, eax);
        a.pop(rax);
        a.pop(rbp);
        a.mov(__qword_ptr[rbp + MeasureLayout.Begin], rax);
        a.mov(__qword_ptr[rbp + MeasureLayout.End], rdx);
        a.mov(__qword_ptr[rbp + MeasureLayout.Number], KeptStatus);
        a.mov(__qword_ptr[rbp + MeasureLayout.Slot], Slot);
        a.mov(__qword_ptr[rbp + MeasureLayout.Info], Info);
        for (int i = 0; i < Words.Length; i++)
        {
            a.mov(__qword_ptr[rbp + MeasureLayout.Word0 + i * MeasureLayout.WordBytes], Words[i]);
        }
    }
}
