using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// Which of a CPU's device vectors are free. From the last word of the local APIC's request register downwards, as each
/// word in use is one more that "does an interrupt wait?" reads; within a word in turn, so that a vector that was given
/// back is used again as late as possible. Under the cluster lock.
/// </summary>
internal static unsafe class IrqVectors
{
    private const int WordBits = 32;

    /// <summary>Of the cluster; the last word holds the kernel's own vectors, all but RequestAgain.</summary>
    public static int LowestWordInUse = Vectors.Count / WordBits - 1;

    /// <summary>A free handler of the CPU; null if it has none left. It stays free until its kind is written.</summary>
    public static IrqHandler* Find(Cpu* cpu)
    {
        for (int word = Vectors.LastDevice / WordBits; word >= Vectors.FirstDevice / WordBits; word--)
        {
            IrqHandler* handler = FindInWord(cpu, word);
            if (handler != null)
            {
                return handler;
            }
        }
        return null;
    }

    private static IrqHandler* FindInWord(Cpu* cpu, int word)
    {
        int first = word * WordBits < Vectors.FirstDevice ? Vectors.FirstDevice : word * WordBits;
        int end = (word + 1) * WordBits > Vectors.LastDevice + 1 ? Vectors.LastDevice + 1 : (word + 1) * WordBits;
        int vector = cpu->LastIrqVector + 1;
        for (int tries = first; tries < end; tries++, vector++)
        {
            if (vector < first || vector >= end)
            {
                vector = first;
            }
            IrqHandler* handler = cpu->Irqs + (vector - Vectors.FirstDevice);
            if (handler->Kind == IrqKind.Free)
            {
                return handler;
            }
        }
        return null;
    }

    public static void NoteUse(Cpu* cpu, IrqHandler* handler)
    {
        cpu->LastIrqVector = handler->Vector;
        int word = handler->Vector / WordBits;
        if (word < LowestWordInUse)
        {
            LowestWordInUse = word;
        }
    }
}
