using System;
using System.Threading;

namespace Skerry.Core.Printing;

/// <summary>
/// Lines between those who have something to print and the one thread that prints. Producers exclude each other; the
/// consumer takes no lock, so nobody waits for it but for room.
/// </summary>
/// <remarks>
/// <code>
///   bytes of a line, 2 bytes, low first | the line | bytes of the next | …
/// </code>
/// Both counts only rise; where they point in the memory, which is a power of two of bytes, is their remainder.
/// </remarks>
public unsafe struct PrintQueue
{
    private const int HeaderBytes = sizeof(ushort);

    private readonly byte* _memory;
    private readonly uint _capacity;

    /// <summary>Bytes put in since the beginning; producers write it, by turns.</summary>
    private uint _added;

    /// <summary>Bytes taken out; the consumer's.</summary>
    private uint _taken;

    /// <summary>Bytes of lines that are printed, too; the consumer's.</summary>
    private uint _printed;

    // Safety: the memory stays, and nobody else writes it.
    /// <param name="memory">Of so many bytes.</param>
    /// <param name="capacity">Bytes; a power of two.</param>
    public PrintQueue(byte* memory, uint capacity)
    {
        _memory = memory;
        _capacity = capacity;
    }

    /// <summary>All lines are out.</summary>
    public readonly bool IsPrinted => Volatile.Read(in _printed) == Volatile.Read(in _added);

    /// <summary>Bytes of the longest line that leaves so much free; negative: not even an empty one does.</summary>
    public readonly int RoomBeside(int free) =>
        (int)(_capacity - (_added - Volatile.Read(in _taken))) - HeaderBytes - free;

    /// <summary>Puts a line in.</summary>
    /// <param name="line">At most 65,535 bytes.</param>
    /// <param name="free">Bytes that are to be free behind it, for others.</param>
    /// <returns>False: there is no room, and nothing was put in.</returns>
    public bool TryAdd(ReadOnlySpan<byte> line, int free)
    {
        if (line.Length > RoomBeside(free) || line.Length > ushort.MaxValue)
        {
            return false;
        }
        uint at = _added;
        this[at++] = (byte)line.Length;
        this[at++] = (byte)(line.Length >> 8);
        foreach (byte character in line)
        {
            this[at++] = character;
        }
        Volatile.Write(ref _added, at);
        return true;
    }

    /// <summary>Takes the next line out, those before being printed.</summary>
    /// <param name="line">Takes it; what is longer is cut off.</param>
    /// <param name="bytes">Of it.</param>
    /// <returns>False: there is none.</returns>
    public bool TryTake(Span<byte> line, out int bytes)
    {
        bytes = 0;
        Volatile.Write(ref _printed, _taken);
        uint at = _taken;
        if (at == Volatile.Read(in _added))
        {
            return false;
        }
        int length = this[at++];
        length |= this[at++] << 8;
        bytes = length < line.Length ? length : line.Length;
        for (int i = 0; i < bytes; i++)
        {
            line[i] = this[at + (uint)i];
        }
        Volatile.Write(ref _taken, at + (uint)length);
        return true;
    }

    private readonly ref byte this[uint place] => ref _memory[place & (_capacity - 1)];
}
