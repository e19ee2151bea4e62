namespace Skerry.Core.Links;

/// <summary>What opening the links or sending over one came to.</summary>
public enum LinkResult : uint
{
    Ok = 0,

    /// <summary>There is no such cluster, or it is the own one.</summary>
    NoSuchPeer = 1,

    /// <summary>Longer than <see cref="LinkFrame.MaximumPayload"/>.</summary>
    TooLong = 2,

    /// <summary>There is no room now.</summary>
    Full = 3,

    /// <summary>Memory, slots or page tables of the own cluster are used up.</summary>
    OutOfResources = 4,

    /// <summary>The machine description and the kernel's information do not agree.</summary>
    BadDescription = 5,

    /// <summary>The kernel refused a frame, a doorbell or the notification.</summary>
    Refused = 6,
}
