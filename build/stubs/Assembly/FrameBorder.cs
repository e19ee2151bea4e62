using Iced.Intel;

namespace Skerry.Stubs.Assembly;

/// <summary>
/// Two frames that are nowhere in memory, between a door of the kernel and what came in by it. A debugger takes it for damage
/// if a caller's stack lies below that of the called, but behind the frame of a signal handler; and such a frame it shows
/// without its line. So the door itself is an ordinary one, and its caller is one of these, at instructions that nobody
/// executes. gdb prints them as "&lt;signal handler called&gt;".
/// </summary>
internal static class FrameBorder
{
    /// <summary>Bytes before the address where the caller goes on; it must lie behind an instruction.</summary>
    private const int Offset = 2;

    public static void Write(StubFile file)
    {
        Write(file, CallerPlace.Thread, CallerPlace.BehindThread);
        Write(file, CallerPlace.HardwareFrame, CallerPlace.BehindHardwareFrame);
    }

    /// <summary>The symbol of the address at which the caller of a door goes on.</summary>
    public static string BehindOf(CallerPlace place) => $"Behind{place}";

    private static void Write(StubFile file, CallerPlace place, CallerPlace behind)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.nop();
        a.nop();
        a.ud2();
        file.Door($"Border{place}", code, new StubFrame(behind, []));
        file.Line($".set {BehindOf(place)}, Border{place} + {Offset}");
        // Not a function of its own, which it would be as the one that it is reckoned from.
        file.Line($".type {BehindOf(place)}, @notype");
    }
}
