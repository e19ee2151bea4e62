using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Skerry.Tests.Image.Elf;

/// <summary>
/// Loaded segments and symbols of a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5). No ELF library is
/// among the packages that restore everywhere; this reads the little that the checks need.
/// </summary>
internal sealed class ElfFile
{
    private const uint Magic = 0x464c_457f;
    private const byte Class64 = 2;
    private const uint LoadedSegment = 1;
    private const uint SymbolTable = 2;
    private const int FunctionType = 2;

    // Where the header keeps offset and shape of the two tables.
    private const int ProgramHeaderOffset = 32;
    private const int SectionHeaderOffset = 40;
    private const int ProgramHeaderSize = 54;
    private const int ProgramHeaderCount = 56;
    private const int SectionHeaderSize = 58;
    private const int SectionHeaderCount = 60;
    private const int SymbolSize = 24;

    private readonly byte[] _bytes;

    private ElfFile(byte[] bytes)
    {
        if (bytes.Length < 64 || BitConverter.ToUInt32(bytes) != Magic || bytes[4] != Class64)
        {
            throw new InvalidDataException("not a 64-bit ELF file");
        }
        _bytes = bytes;
        Segments = ReadSegments().ToArray();
        Symbols = ReadSymbols().OrderBy(symbol => symbol.Address).ToArray();
    }

    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>In ascending order of address.</summary>
    public IReadOnlyList<ElfSymbol> Symbols { get; }

    public static ElfFile Open(string path) => Read(File.ReadAllBytes(path));

    /// <exception cref="InvalidDataException">It is no 64-bit ELF file.</exception>
    public static ElfFile Read(byte[] bytes) => new(bytes);

    /// <summary>What the file holds of a segment.</summary>
    public byte[] ContentOf(ElfSegment segment) => _bytes.AsSpan((int)segment.Offset, (int)segment.FileSize).ToArray();

    /// <summary>Where in the file the flags of the n-th program header lie, for tests that break them.</summary>
    public static int FlagsOffset(byte[] bytes, int index) =>
        (int)BitConverter.ToUInt64(bytes, ProgramHeaderOffset)
        + index * BitConverter.ToUInt16(bytes, ProgramHeaderSize)
        + sizeof(uint);

    private IEnumerable<ElfSegment> ReadSegments()
    {
        int table = (int)Word(ProgramHeaderOffset);
        int size = Half(ProgramHeaderSize);
        for (int index = 0; index < Half(ProgramHeaderCount); index++)
        {
            int header = table + index * size;
            if (Int(header) == LoadedSegment)
            {
                var flags = (ElfSegmentFlags)Int(header + 4);
                yield return new ElfSegment(
                    Word(header + 16),
                    Word(header + 40),
                    Word(header + 8),
                    Word(header + 32),
                    flags
                );
            }
        }
    }

    private IEnumerable<ElfSymbol> ReadSymbols()
    {
        int sections = (int)Word(SectionHeaderOffset);
        int size = Half(SectionHeaderSize);
        for (int index = 0; index < Half(SectionHeaderCount); index++)
        {
            int header = sections + index * size;
            if (Int(header + 4) == SymbolTable)
            {
                int strings = sections + (int)Int(header + 40) * size;
                foreach (
                    ElfSymbol symbol in ReadSymbols((int)Word(header + 24), Word(header + 32), (int)Word(strings + 24))
                )
                {
                    yield return symbol;
                }
            }
        }
    }

    private IEnumerable<ElfSymbol> ReadSymbols(int table, ulong bytes, int names)
    {
        for (int entry = table; entry < table + (int)bytes; entry += SymbolSize)
        {
            string name = NameAt(names + (int)Int(entry));
            bool isDefined = Half(entry + 6) != 0;
            if (isDefined && name.Length != 0)
            {
                yield return new ElfSymbol(
                    name,
                    Word(entry + 8),
                    Word(entry + 16),
                    (_bytes[entry + 4] & 15) == FunctionType
                );
            }
        }
    }

    private string NameAt(int offset)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(offset);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private ushort Half(int offset) => MemoryMarshal.Read<ushort>(_bytes.AsSpan(offset));

    private uint Int(int offset) => MemoryMarshal.Read<uint>(_bytes.AsSpan(offset));

    private ulong Word(int offset) => MemoryMarshal.Read<ulong>(_bytes.AsSpan(offset));
}
