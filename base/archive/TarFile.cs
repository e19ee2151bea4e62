using System;

namespace Skerry.Base.Archive;

/// <summary>A regular file of an archive.</summary>
public ref struct TarFile
{
    /// <summary>Of its header, in bytes from the archive's start.</summary>
    public int Offset;
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Content;
}
