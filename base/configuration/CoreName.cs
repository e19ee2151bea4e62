using System;

namespace Skerry.Base.Configuration;

/// <summary>What core is called where a vcore has its name: in labels, and in records. So no vcore is called that.</summary>
public static class CoreName
{
    public static ReadOnlySpan<byte> Text => "core"u8;
}
