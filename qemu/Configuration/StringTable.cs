using System.Collections.Generic;
using System.Text;
using Skerry.Base.Configuration;

namespace Skerry.Qemu.Configuration;

/// <summary>The texts of a configuration, each stored once.</summary>
internal sealed class StringTable
{
    private readonly Dictionary<string, StringReference> _known = [];

    public List<byte> Bytes { get; } = [];

    public StringReference Add(string text)
    {
        if (text.Length == 0)
        {
            return default;
        }
        if (!_known.TryGetValue(text, out StringReference reference))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            reference = new StringReference { Offset = (uint)Bytes.Count, Length = (uint)bytes.Length };
            Bytes.AddRange(bytes);
            _known.Add(text, reference);
        }
        return reference;
    }
}
