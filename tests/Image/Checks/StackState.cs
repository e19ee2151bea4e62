namespace Skerry.Tests.Image.Checks;

/// <summary>Where the stack and frame pointers are, in bytes below the stack pointer at the function's entry.</summary>
/// <param name="Depth">Of rsp.</param>
/// <param name="FrameDepth">Of rbp; null while it points elsewhere.</param>
internal readonly record struct StackState(int Depth, int? FrameDepth);
