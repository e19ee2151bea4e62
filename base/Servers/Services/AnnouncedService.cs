using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>A service that a child offers: its name, and what tells the child that there is something to do.</summary>
internal unsafe struct AnnouncedService
{
    public NotificationCapability Requests;
    private int _nameBytes;
    private NameText _name;

    public void SetName(ReadOnlySpan<byte> name)
    {
        _nameBytes = name.Length < IParent.MaximumService ? name.Length : IParent.MaximumService;
        for (int i = 0; i < _nameBytes; i++)
        {
            _name[i] = name[i];
        }
    }

    public readonly bool IsNamed(ReadOnlySpan<byte> name)
    {
        bool equal = name.Length == _nameBytes;
        for (int i = 0; i < _nameBytes && equal; i++)
        {
            equal = _name[i] == name[i];
        }
        return equal;
    }

    [InlineArray(IParent.MaximumService)]
    private struct NameText
    {
        private byte _byte;
    }
}
