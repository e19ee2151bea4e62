using System.Runtime.CompilerServices;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// A slot's word and data as they stood together at one moment, read without the lock. The word differs after each change,
/// so the same before and after the data means that the three reads saw one capability (docs/decisions/0005).
/// </summary>
internal static unsafe class SlotSnapshot
{
    /// <summary>
    /// Reads anew as often as another CPU changes the slot meanwhile, each time by a call of its own. The memory of what the
    /// word designates is not used again before this CPU has left the kernel.
    /// </summary>
    /// <returns>The word.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(Capability* slot, out ulong data)
    {
        ulong word = slot->ReadWord();
        while (true)
        {
            ReadPoint.Reached(ReadPlace.SlotWord);
            data = slot->ReadData();
            ulong after = slot->ReadWord();
            if (after == word)
            {
                return word;
            }
            word = after;
        }
    }
}
