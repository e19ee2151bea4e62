using System;
using System.Buffers.Binary;
using Skerry.Core.Links;

namespace Skerry.Tests.Host.Links;

/// <summary>A line whose every byte, and whose length, follow from who sent it and its number.</summary>
internal static class TestLine
{
    private const int HeadBytes = 8;

    public static int Write(Span<byte> line, int thread, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(line, thread);
        BinaryPrimitives.WriteInt32LittleEndian(line[4..], number);
        uint state = (uint)((thread * 7919) ^ (number * 104729)) | 1;
        int length = HeadBytes + (int)(state % (LinkFrame.MaximumPayload - HeadBytes + 1));
        for (int i = HeadBytes; i < length; i++)
        {
            state = state * 1664525 + 1013904223;
            line[i] = (byte)(state >> 24);
        }
        return length;
    }

    /// <summary>The thread, if the line is exactly one that was sent; -1 if it is not.</summary>
    public static int Check(ReadOnlySpan<byte> line, out int number)
    {
        number = -1;
        if (line.Length < HeadBytes)
        {
            return -1;
        }
        int thread = BinaryPrimitives.ReadInt32LittleEndian(line);
        number = BinaryPrimitives.ReadInt32LittleEndian(line[4..]);
        Span<byte> expected = stackalloc byte[LinkFrame.MaximumPayload];
        int length = Write(expected, thread, number);
        return line.SequenceEqual(expected[..length]) ? thread : -1;
    }
}
