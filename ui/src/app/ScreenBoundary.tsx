import { Component, type ReactNode } from "react";
import { Problem } from "../components/Problem";

/** Keeps a fault in one screen from taking the window with it. */
export class ScreenBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div className="page">
        <Problem error={this.state.error} onRetry={() => this.setState({ error: undefined })} />
      </div>
    );
  }
}
