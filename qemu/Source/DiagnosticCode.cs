namespace Skerry.Qemu.Source;

/// <summary>Kinds of mistakes in a file: what stands behind "SK". docs/configuration.md has them all.</summary>
public enum DiagnosticCode
{
    // Any file.
    NotJson = 1,
    WrongValue = 2,
    MissingMember = 3,
    UnknownMember = 4,
    GivenTwice = 5,
    BadName = 6,
    TooLong = 7,
    UnknownKind = 8,

    // A topology.
    ImpossibleNode = 101,
    ImpossibleMachine = 102,
    BadMatrix = 103,

    // A system by itself.
    NothingEssential = 201,
    NameTaken = 202,
    NoSuchChild = 203,
    BadRoute = 204,
    BadChannel = 205,
    BadMemoryClaim = 206,
    TooMany = 207,
    NotRead = 208,
    ClaimedTwice = 209,
    NeverAsked = 210,
    ChannelNotReopened = 211,

    // A system and its machine.
    NotOnThisMachine = 301,
    CpuTaken = 302,
    TooMuchMemory = 303,
    RemoteMemory = 304,
    SeveralClusters = 305,
    AffinityClipped = 306,
    ChildrenExceedVcore = 307,
    LittleRoom = 308,
    RouteAcrossClusters = 309,

    // A system and the programs.
    NoSuchProgram = 401,
    TooLittleRam = 402,
    OldProgram = 403,
}
