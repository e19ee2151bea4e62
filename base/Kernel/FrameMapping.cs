using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Pages of a frame to map: what ReplyMapRecv and Frame.Map take.</summary>
public readonly struct FrameMapping(
    FrameCapability frame,
    PageAttributes attributes,
    ulong address,
    ulong offset,
    uint pages
)
{
    public FrameMapping(FrameCapability frame, FrameRights rights, ulong address, ulong offset, uint pages)
        : this(frame, PageAttributes.Of(rights), address, offset, pages) { }

    public FrameCapability Frame { get; } = frame;

    public PageAttributes Attributes { get; } = attributes;

    /// <summary>Virtual address of the first page to map.</summary>
    public ulong Address { get; } = address;

    /// <summary>Where that page lies in the frame, bytes.</summary>
    public ulong Offset { get; } = offset;

    /// <summary>1 to <see cref="CallLimits.Pages"/>, of the attributes' size.</summary>
    public uint Pages { get; } = pages;
}
