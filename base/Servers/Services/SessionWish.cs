using System;
using Skerry.Base.Memory;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>What a child asks for when it opens a session.</summary>
internal ref struct SessionWish
{
    public ReadOnlySpan<byte> Service;

    /// <summary>With the child's name in front.</summary>
    public ReadOnlySpan<byte> Label;
    public ReadOnlySpan<byte> Arguments;

    /// <summary>In the server's space.</summary>
    public Affinity Place;
    public Resources Donation;
}
